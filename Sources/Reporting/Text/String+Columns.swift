extension String {
  /// How many columns a terminal gives to the text: two to wide East Asian characters and emoji, none to marks.
  package var columns: Int { reduce(0) { $0 + $1.columns } }

  /// The text, or its beginning and an ellipsis, in at most `width` columns.
  package func fitted(_ width: Int) -> String {
    if columns <= width { return self }
    var text = ""
    var used = 1
    for character in self {
      used += character.columns
      if used > width { break }
      text.append(character)
    }
    return width > 0 ? text + "…" : ""
  }

  /// The text with spaces behind it up to `width` columns or, with `right`, before it.
  package func padded(_ width: Int, right: Bool = false) -> String {
    let space = String(repeating: " ", count: Swift.max(0, width - columns))
    return right ? space + self : self + space
  }

  var withoutTrailingSpace: String { String(reversed().drop { $0 == " " }.reversed()) }

  /// The text in lines of at most `width` columns, broken at spaces; lines after the first begin with `indent`.
  package func wrapped(_ width: Int, indent: String = "") -> [String] {
    var lines: [String] = []
    var line = ""
    for word in split(separator: " ") {
      let word = String(word).fitted(width - indent.columns)
      if line.isEmpty || line == indent {
        line += word
      } else if line.columns + 1 + word.columns <= width {
        line += " " + word
      } else {
        lines.append(line)
        line = indent + word
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }
}

extension Character {
  fileprivate var columns: Int {
    guard let first = unicodeScalars.first else { return 0 }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    return first.isWide || unicodeScalars.contains("\u{fe0f}") ? 2 : 1
  }
}

extension Unicode.Scalar {
  /// The blocks that Unicode's East Asian Width (UAX 11) calls wide, coarsely.
  fileprivate var isWide: Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}
