import Model

extension Tokenizer {
  /// The tokens of a text alone.
  func encode(_ text: String, special: Bool = false, as role: Role = .whole) throws -> [Int32] {
    try encode(bytes: Array(text.utf8), special: special, as: role).tokens
  }

  /// What the tokens of a text spell.
  func decode(_ tokens: [Int32]) -> String { String(decoding: tokens.flatMap { piece($0) }, as: UTF8.self) }
}
