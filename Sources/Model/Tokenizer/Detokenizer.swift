/// Text from a stream of tokens, a character at a time: what is not a whole character yet waits for the next token.
package struct Detokenizer: Sendable {
  private let tokenizer: Tokenizer
  private let showsControl: Bool
  /// The first text loses the space that encoding put before it.
  private var dropsSpace: Bool
  private var pending: [UInt8] = []

  init(_ tokenizer: Tokenizer, dropsSpace: Bool, showsControl: Bool) {
    self.tokenizer = tokenizer
    self.dropsSpace = dropsSpace
    self.showsControl = showsControl
  }

  /// The text that the token completes; bytes that can be no character become U+FFFD.
  package mutating func append(_ token: Int32) -> String {
    if !showsControl, tokenizer.isControl(token) { return "" }
    var piece = tokenizer.piece(token)[...]
    if dropsSpace, let first = piece.first {
      dropsSpace = false
      if first == UInt8(ascii: " ") { piece = piece.dropFirst() }
    }
    pending += piece
    let whole = pending.count - Detokenizer.unfinished(pending)
    defer { pending.removeFirst(whole) }
    return String(decoding: pending[..<whole], as: UTF8.self)
  }

  /// What is left at the end: nothing, or U+FFFD for a character that never became whole.
  package mutating func finish() -> String {
    defer { pending = [] }
    return String(decoding: pending, as: UTF8.self)
  }

  /// How many bytes at the end begin a character without ending it.
  private static func unfinished(_ bytes: [UInt8]) -> Int {
    for (behind, byte) in bytes.suffix(3).reversed().enumerated() where byte & 0xC0 != 0x80 {
      let length =
        switch byte {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 1
        }
      return length > behind + 1 ? behind + 1 : 0
    }
    return 0
  }
}
