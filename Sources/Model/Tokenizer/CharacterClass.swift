/// The classes of characters that cutting text into words tells apart.
///
/// They follow the Unicode version of the Swift library; a character newer than another program's tables may be
/// unassigned there.
struct CharacterClass: OptionSet, Sendable {
  let rawValue: UInt8

  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// `\p{L}`
  static let letter = CharacterClass(rawValue: 1)
  /// `\p{N}`
  static let number = CharacterClass(rawValue: 2)
  /// `\p{M}`
  static let mark = CharacterClass(rawValue: 4)
  /// `\p{P}`
  static let punctuation = CharacterClass(rawValue: 8)
  /// `\s`: the property White_Space.
  static let space = CharacterClass(rawValue: 16)

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
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: self = .letter
    case .decimalNumber, .letterNumber, .otherNumber: self = .number
    case .nonspacingMark, .spacingMark, .enclosingMark: self = .mark
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation:
      self = .punctuation
    default: self = []
    }
  }
}
