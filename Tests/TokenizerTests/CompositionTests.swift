import Model
import Testing

/// Text in the normal form NFC for the families whose own tokenizers bring it there.
@Suite struct CompositionTests {
  /// A token for each byte, numbered as it, and one that is spelled with a mark of its own.
  private func tokenizer(_ pre: String) throws -> Tokenizer {
    let visible = Array(0x21...0x7E) + Array(0xA1...0xAC) + Array(0xAE...0xFF)
    var next: UInt32 = 0x100
    let bytes = (0..<256).map { byte in
      if visible.contains(byte) { return String(Character(Unicode.Scalar(UInt8(byte)))) }
      defer { next += 1 }
      return Unicode.Scalar(next).map { String(Character($0)) } ?? ""
    }
    return try Tokenizer(
      TokenizerMetadata(
        file: "bytes", model: "gpt2", preTokenizer: pre, tokens: ByteStrings(bytes + ["<e\u{301}>"]),
        kinds: [Int32](repeating: 1, count: 256) + [4], merges: ByteStrings(), addsBeginning: false))
  }

  private func expect(_ text: String, toBecome composed: String, by pre: String = "qwen2") throws {
    let tokenizer = try tokenizer(pre)
    let read = tokenizer.decode(try tokenizer.encode(text))
    #expect(read.unicodeScalars.elementsEqual(composed.unicodeScalars), "\(pre): \(read.debugDescription)")
  }

  /// A letter and its mark; marks out of order (below, ccc 220, before above, 230); what has no composed form; ohm and
  /// ångström; Hangul from its parts and from a syllable and a final; exclusions (U+0958), which come apart.
  @Test(
    arguments: [
      ("cafe\u{301}", "caf\u{E9}"), ("a\u{323}\u{302}", "\u{1EAD}"), ("a\u{302}\u{323}", "\u{1EAD}"),
      ("x\u{301}y", "x\u{301}y"), ("\u{2126}\u{212B}", "\u{3A9}\u{C5}"), ("\u{1112}\u{1161}\u{11AB}", "\u{D55C}"),
      ("\u{AC00}\u{11A8}", "\u{AC01}"), ("\u{958}", "\u{915}\u{93C}"), ("か\u{3099}", "が"), ("\u{301}a", "\u{301}a"),
      ("plain", "plain"), ("", ""),
    ])
  func textIsComposed(text: String, composed: String) throws { try expect(text, toBecome: composed) }

  @Test(arguments: ["qwen2", "qwen35", "deepseek-r1-qwen", "command-r"]) func familiesCompose(pre: String) throws {
    try expect("e\u{301}", toBecome: "\u{E9}", by: pre)
  }

  @Test(arguments: [
    "gpt-2", "llama-bpe", "lfm2", "gpt-4o", "llama4", "deepseek-llm", "deepseek-coder", "tekken", "smollm",
  ])
  func otherFamiliesKeepTextAsItIs(pre: String) throws { try expect("e\u{301}", toBecome: "e\u{301}", by: pre) }

  /// However long: no place in a long text is cut between characters that become one.
  @Test func longTextsAreComposedEverywhere() throws {
    for offset in 0..<4 {
      let start = String(repeating: "x", count: offset)
      try expect(
        start + String(repeating: "e\u{301}", count: 2000), toBecome: start + String(repeating: "\u{E9}", count: 2000))
      try expect(
        start + String(repeating: "\u{1112}\u{1161}\u{11AB}", count: 700),
        toBecome: start + String(repeating: "\u{D55C}", count: 700))
    }
  }

  /// Time grows with the length and no faster, whatever the text: these take a tenth of a second.
  @Test(.timeLimit(.minutes(1))) func marksWithoutEndAreRead() throws {
    let tokens = try tokenizer("qwen2").encode("e" + String(repeating: "\u{301}\u{323}", count: 100_000))
    #expect(tokens.count > 390_000)
  }

  /// A token that is cut out of the text first is spelled as the vocabulary spells it.
  @Test func specialTokensAreFoundBeforeComposing() throws {
    #expect(try tokenizer("qwen2").encode("<e\u{301}>e\u{301}") == [256, 0xC3, 0xA9])
  }

  /// Bytes that are not UTF-8 become U+FFFD first.
  @Test func brokenTextIsComposed() throws {
    let tokenizer = try tokenizer("qwen2")
    let tokens = try tokenizer.encode(bytes: [0xFF, 0x65, 0xCC, 0x81, 0xCC], as: .part).tokens
    #expect(tokens == [0xEF, 0xBF, 0xBD, 0xC3, 0xA9, 0xEF, 0xBF, 0xBD])
  }
}
