/// Byte-level byte pairs (`tokenizer.ggml.model` gpt2): words of bytes, joined in the order of the list of merges.
struct BytePairEncoder: Sendable {
  private struct Entry {
    /// Left token above right token; all ones where there is none.
    var pair: UInt64 = .max
    var merge = Merge(priority: 0, token: 0)
  }

  private let preTokenizer: PreTokenizer
  /// Open addressing, linear probing, at most half full.
  private var entries: [Entry]

  init(_ metadata: TokenizerMetadata, preTokenizer: PreTokenizer, vocabulary: Vocabulary) throws {
    self.preTokenizer = preTokenizer
    guard let merges = metadata.merges else {
      throw metadata.error("merges", "missing, and \(metadata.model) cannot join bytes without")
    }
    var size = 16
    while size < merges.count * 2 { size *= 2 }
    entries = [Entry](repeating: Entry(), count: size)
    for rank in 0..<merges.count {
      func fail(_ reason: String) -> GGUFError {
        metadata.error("merges", "merge \(rank), '\(merges.text(rank))', \(reason)")
      }
      let merge = merges[rank]
      guard let space = merge.dropFirst().firstIndex(of: UInt8(ascii: " ")) else { throw fail("has no space") }
      guard let left = ByteAlphabet.decode(merge[..<space]), let right = ByteAlphabet.decode(merge[(space + 1)...]),
        let leftToken = vocabulary.token(left.span), let rightToken = vocabulary.token(right.span)
      else { throw fail("joins a piece that is not a token") }
      guard let token = vocabulary.token((left + right).span) else { throw fail("makes a piece that is not a token") }
      insert(pair(leftToken, rightToken), Merge(priority: UInt32(rank), token: token))
    }
  }

  private func pair(_ left: Int32, _ right: Int32) -> UInt64 { UInt64(UInt32(left)) << 32 | UInt64(UInt32(right)) }

  /// The first of two merges of one pair counts.
  private mutating func insert(_ pair: UInt64, _ merge: Merge) {
    let slot = slot(of: pair)
    if entries[slot].pair != pair { entries[slot] = Entry(pair: pair, merge: merge) }
  }

  private func slot(of pair: UInt64) -> Int {
    let mask = entries.count - 1
    let product = pair.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    var slot = Int(truncatingIfNeeded: product.high ^ product.low) & mask
    while entries[slot].pair != pair, entries[slot].pair != .max { slot = (slot + 1) & mask }
    return slot
  }

  /// Bytes that no token spells are left out.
  func encode(_ text: [UInt8], with vocabulary: Vocabulary, using queue: inout MergeQueue, into tokens: inout [Int32]) {
    let text = preTokenizer.prepared(text)
    for word in preTokenizer.words(in: text) {
      if preTokenizer.ignoresMerges, let token = vocabulary.token(text.span.extracting(word)) {
        tokens.append(token)
        continue
      }
      queue.removeAll()
      for byte in text[word] { queue.append(token: vocabulary.byteTokens[Int(byte)], length: 1) }
      queue.merge { left, right in
        guard left.token >= 0, right.token >= 0 else { return nil }
        let entry = entries[slot(of: pair(left.token, right.token))]
        return entry.pair == .max ? nil : entry.merge
      }
      for symbol in queue.remaining where symbol.token >= 0 { tokens.append(symbol.token) }
    }
  }
}
