import Model
import Testing

@Suite struct DetokenizerTests {
  /// One token per byte, numbered as the byte, then 256 <s>, 257 ▁a, 258 a.
  private func tokenizer(prefix: Bool) throws -> Tokenizer {
    let names = (0..<256).map { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      return "<0x\(digits.count < 2 ? "0" : "")\(digits)>"
    }
    return try Tokenizer(
      TokenizerMetadata(
        file: "bytes", model: "llama", tokens: ByteStrings(names + ["<s>", "▁a", "a"]),
        scores: [Float](repeating: 0, count: 259), kinds: [Int32](repeating: 6, count: 256) + [3, 1, 1],
        addsSpacePrefix: prefix, identifiers: ["bos": 256, "eos": 256, "unknown": 256]))
  }

  private func pieces(_ tokens: [Int32], _ detokenizer: Detokenizer) -> [String] {
    var detokenizer = detokenizer
    return tokens.map { detokenizer.append($0) } + [detokenizer.finish()]
  }

  /// 😀 is F0 9F 98 80, é is C3 A9: text appears with the last byte.
  @Test func charactersAppearWhole() throws {
    let tokenizer = try tokenizer(prefix: false)
    #expect(
      pieces([0xF0, 0x9F, 0x98, 0x80, 0x41, 0xC3, 0xA9], tokenizer.detokenizer())
        == ["", "", "", "😀", "A", "", "é", ""])
  }

  @Test(
    arguments: [
      // A character that never became whole, at the end and before another.
      ([0xF0, 0x9F, 0x98], ["", "", "", "\u{FFFD}"]),
      ([0xE2, 0x82, 0x41], ["", "", "\u{FFFD}A", ""]),
      // Bytes that begin nothing wait for nothing.
      ([0x80, 0x41], ["\u{FFFD}", "A", ""]), ([0xFF], ["\u{FFFD}", ""]), ([0xC0], ["\u{FFFD}", ""]),
      ([0xF5], ["\u{FFFD}", ""]), ([0xC3, 0xC3, 0xA9], ["", "\u{FFFD}", "é", ""]), ([], [""]),
    ] as [([Int32], [String])])
  func whatIsNoCharacterIsReplaced(tokens: [Int32], texts: [String]) throws {
    #expect(pieces(tokens, try tokenizer(prefix: false).detokenizer()) == texts)
  }

  @Test func theFirstSpaceIsEncodingsOwn() throws {
    let tokenizer = try tokenizer(prefix: true)
    #expect(pieces([256, 257, 257], tokenizer.detokenizer()) == ["", "a", " a", ""])
    #expect(pieces([258, 257], tokenizer.detokenizer()) == ["a", " a", ""])
    #expect(pieces([257], tokenizer.detokenizer(continuing: true)) == [" a", ""])
    #expect(pieces([257], try self.tokenizer(prefix: false).detokenizer()) == [" a", ""])
  }

  @Test func controlTokensAreSilentUnlessAskedFor() throws {
    let tokenizer = try tokenizer(prefix: false)
    #expect(pieces([256, 258], tokenizer.detokenizer()) == ["", "a", ""])
    #expect(pieces([256, 258], tokenizer.detokenizer(showsControl: true)) == ["<s>", "a", ""])
    #expect(tokenizer.isControl(256) && !tokenizer.isControl(258))
  }

  @Test func numbersThatAreNoTokensAreSilent() throws {
    let tokenizer = try tokenizer(prefix: false)
    #expect(pieces([-1, 259, .max, .min], tokenizer.detokenizer()) == ["", "", "", "", ""])
    #expect(tokenizer.piece(-1) == [] && !tokenizer.isControl(259))
  }
}
