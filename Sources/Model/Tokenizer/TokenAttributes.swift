/// What a token is; a token that the file calls normal may be a control token by its name as well.
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

  /// From GGUF's `token_type`. Unused (5) and undefined kinds have no attribute: such tokens spell nothing.
  init(kind: Int32) {
    switch kind {
    case 1: self = .normal
    case 2: self = .unknown
    case 3: self = .control
    case 4: self = .userDefined
    case 6: self = .byte
    default: self = []
    }
  }
}
