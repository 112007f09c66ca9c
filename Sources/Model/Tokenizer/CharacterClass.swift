/// The classes of characters that cutting text into words tells apart.
///
/// They follow the Unicode version of the Swift library; a character newer than another program's tables may be
/// unassigned there.
struct CharacterClass: OptionSet, Sendable {
  let rawValue: UInt8

  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// `\p{Lu}` and `\p{Lt}`
  static let capital = CharacterClass(rawValue: 1)
  /// `\p{Ll}`
  static let small = CharacterClass(rawValue: 2)
  /// `\p{Lm}` and `\p{Lo}`
  static let caseless = CharacterClass(rawValue: 4)
  /// `\p{N}`
  static let number = CharacterClass(rawValue: 8)
  /// `\p{M}`
  static let mark = CharacterClass(rawValue: 16)
  /// `\p{P}`
  static let punctuation = CharacterClass(rawValue: 32)
  /// `\s`: the property White_Space.
  static let space = CharacterClass(rawValue: 64)
  /// `\p{L}`
  static let letter: CharacterClass = [.capital, .small, .caseless]

  /// The classes of U+0000 … U+FFFF; beyond, the property is asked each time.
  static let basicPlane: [CharacterClass] = (0...0xFFFF).map { CharacterClass(codePoint: $0) }

  init(codePoint: UInt32) {
    guard let scalar = Unicode.Scalar(codePoint) else {
      self = []
      return
    }
    if scalar.properties.isWhitespace {
      self = .space
      return
    }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .titlecaseLetter: self = .capital
    case .lowercaseLetter: self = .small
    case .modifierLetter, .otherLetter: self = .caseless
    case .decimalNumber, .letterNumber, .otherNumber: self = .number
    case .nonspacingMark, .spacingMark, .enclosingMark: self = .mark
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation:
      self = .punctuation
    default: self = []
    }
  }
}

/// Characters that no property sets apart, as ranges of code points.
struct CodePoints: Sendable {
  private let ranges: [ClosedRange<UInt32>]

  /// Hexadecimal numbers and ranges of them in rising order, with a space between two: `41-5A 61-7A B5`.
  init(_ spelling: String) {
    ranges = spelling.split(separator: " ").compactMap { range in
      let bounds = range.split(separator: "-").compactMap { UInt32($0, radix: 16) }
      return bounds.first.flatMap { first in bounds.last.map { first...$0 } }
    }
  }

  func contains(_ codePoint: UInt32) -> Bool {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < codePoint { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].contains(codePoint)
  }
}
