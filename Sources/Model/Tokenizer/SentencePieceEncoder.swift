/// SentencePiece (`tokenizer.ggml.model` llama): characters, joined by the score of the piece that they make.
///
/// A character that no piece spells falls back to its bytes, and without byte tokens to the unknown token.
struct SentencePieceEncoder: Sendable {
  /// Per token: the best score first.
  private let priorities: [UInt32]
  private let addsSpacePrefix: Bool
  private let unknown: Int32?
  /// Thrown where a text needs the unknown token and there is none.
  private let unknownMissing: GGUFError
  /// Bytes that some piece holds before an escaped space; after any other, a word ends and no merge crosses.
  private let runsOn: [Bool]

  init(_ metadata: TokenizerMetadata, vocabulary: Vocabulary, special: SpecialTokens) throws {
    guard let scores = metadata.scores else {
      throw metadata.error("scores", "missing, and pieces cannot be joined without")
    }
    guard scores.count == vocabulary.count else {
      throw metadata.error("scores", "\(scores.count) values for \(vocabulary.count) tokens")
    }
    if let token = scores.firstIndex(where: \.isNaN) {
      throw metadata.error("scores", "the score of token \(token) is not a number")
    }
    priorities = scores.map(SentencePieceEncoder.priority)
    addsSpacePrefix = metadata.addsSpacePrefix ?? true
    unknown = special.unknown
    unknownMissing = metadata.error(
      "unknown_token_id",
      "\(special.faults["unknown_token_id"] ?? "missing"), and the text has a character that no token spells")
    runsOn = vocabulary.bytesBeforeEscapedSpaces()
  }

  /// Order-preserving bits, the highest score lowest; the two zeros are one.
  private static func priority(_ score: Float) -> UInt32 {
    let bits = (score + 0).bitPattern
    return bits >> 31 == 0 ? 0x7FFF_FFFF - bits : bits
  }

  /// `isFirst`: nothing precedes the text, or a special token does.
  func encode(
    _ text: [UInt8], isFirst: Bool, with vocabulary: Vocabulary, using queue: inout MergeQueue,
    into tokens: inout [Int32]
  ) throws(GGUFError) {
    var escaped: [UInt8] = []
    escaped.reserveCapacity(text.count + text.count / 2 + 3)
    if addsSpacePrefix, isFirst { escaped += Vocabulary.escapedSpace }
    for byte in text {
      if byte == UInt8(ascii: " ") { escaped += Vocabulary.escapedSpace } else { escaped.append(byte) }
    }
    var start = 0
    while start < escaped.count {
      start = try encodeWord(escaped, from: start, with: vocabulary, using: &queue, into: &tokens)
    }
  }

  /// Gives the word's end.
  private func encodeWord(
    _ text: [UInt8], from start: Int, with vocabulary: Vocabulary, using queue: inout MergeQueue,
    into tokens: inout [Int32]
  ) throws(GGUFError) -> Int {
    queue.removeAll()
    var end = start
    repeat {
      let length = min(characterLength(text[end]), text.count - end)
      queue.append(token: vocabulary.token(text.span.extracting(end..<(end + length))) ?? -1, length: length)
      end += length
    } while end < text.count && (runsOn[Int(text[end - 1])] || !startsEscapedSpace(text, end))
    queue.merge { left, right in
      let first = start + left.start
      let joined = first..<(first + left.length + right.length)
      return vocabulary.token(text.span.extracting(joined)).map { Merge(priority: priorities[Int($0)], token: $0) }
    }
    for symbol in queue.remaining {
      if symbol.token >= 0 {
        tokens.append(symbol.token)
        continue
      }
      let first = start + symbol.start
      let bytes = text[first..<(first + symbol.length)].map { vocabulary.byteTokens[Int($0)] }
      if bytes.allSatisfy({ $0 >= 0 }) {
        tokens += bytes
      } else {
        guard let unknown else { throw unknownMissing }
        tokens.append(unknown)
      }
    }
    return end
  }

  private func startsEscapedSpace(_ text: [UInt8], _ i: Int) -> Bool {
    text[i] == Vocabulary.escapedSpace[0] && text[i...].starts(with: Vocabulary.escapedSpace)
  }

  /// By the first byte alone, as llama.cpp counts.
  private func characterLength(_ first: UInt8) -> Int {
    switch first {
    case 0..<0xC0: 1
    case 0xC0..<0xE0: 2
    case 0xE0..<0xF0: 3
    default: 4
    }
  }
}
