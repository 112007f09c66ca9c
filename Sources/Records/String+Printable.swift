extension String {
  /// The same text with every character that could steer a terminal, break a line or reorder the text spelt out.
  ///
  /// Names come from model files and from records that anybody may have edited; an escape sequence in one must not run.
  package var printable: String {
    guard unicodeScalars.contains(where: \.steersTerminal) else { return self }
    var text = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.steersTerminal: text += "\\u{\(String(scalar.value, radix: 16))}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}

extension Unicode.Scalar {
  /// Control and format characters, line and paragraph separators: C0, DEL, C1, bidirectional overrides and the like.
  package var steersTerminal: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: true
    default: false
    }
  }
}
