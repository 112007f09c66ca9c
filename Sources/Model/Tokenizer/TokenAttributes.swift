/// What a token is, as the file's token types have it.
struct TokenAttributes: OptionSet, Sendable {
  let rawValue: UInt8

  static let normal = TokenAttributes(rawValue: 1)
  static let unknown = TokenAttributes(rawValue: 2)
  static let control = TokenAttributes(rawValue: 4)
  static let userDefined = TokenAttributes(rawValue: 8)
  static let byte = TokenAttributes(rawValue: 16)
  /// White space after it in the text is dropped.
  static let stripsRight = TokenAttributes(rawValue: 32)
  /// Its piece is kept as the bytes that the byte alphabet spells.
  static let decoded = TokenAttributes(rawValue: 64)

  /// Read from text only where special tokens are asked for, and silent when text is made of tokens.
  static let hidden: TokenAttributes = [.unknown, .control]
  /// Cut out of the text before anything else.
  static let special: TokenAttributes = [.unknown, .control, .userDefined]

  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Text may contain its piece.
  static let spelled: TokenAttributes = [.normal, .userDefined, .byte]

  /// From GGUF's `token_type`, nil for a number that is none. Undefined (0) and unused (5) kinds have no attribute: such
  /// tokens spell nothing.
  init?(kind: Int32) {
    switch kind {
    case 1: self = .normal
    case 2: self = .unknown
    case 3: self = .control
    case 4: self = .userDefined
    case 6: self = .byte
    case 0, 5: self = []
    default: return nil
    }
  }
}
