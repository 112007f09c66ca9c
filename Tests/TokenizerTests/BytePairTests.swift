import Model
import Testing

/// Vocabularies of a few tokens, so that every merge can be followed by hand.
@Suite struct BytePairTests {
  /// a b c d Ġ and what the merges make of them: 5 ab, 6 bc, 7 abc, 8 Ġa.
  private func tokenizer(
    _ merges: [String], pre: String = "gpt-2", tokens: [String] = ["a", "b", "c", "d", "Ġ", "ab", "bc", "abc", "Ġa"]
  ) throws -> Tokenizer {
    try Tokenizer(
      TokenizerMetadata(
        file: "by hand", model: "gpt2", preTokenizer: pre, tokens: ByteStrings(tokens), merges: ByteStrings(merges),
        addsBeginning: false))
  }

  /// The list's order decides, not the text's: with "b c" before "a b", abc is a·bc, then nothing joins a and bc.
  @Test func theFirstMergeOfTheListWins() throws {
    #expect(try tokenizer(["b c", "a b", "ab c"]).encode("abc") == [0, 6])
    #expect(try tokenizer(["a b", "b c", "ab c"]).encode("abc") == [7])
  }

  /// abab: both pairs have one rank, joined from the left; then no merge joins ab with ab.
  @Test func equalPairsJoinFromTheLeft() throws {
    #expect(try tokenizer(["a b"]).encode("abab") == [5, 5])
    #expect(try tokenizer(["a a"], tokens: ["a", "aa"]).encode("aaaaa") == [1, 1, 0])
  }

  /// " a" is one word, so "Ġ a" applies; in "b a" as well, but never b with the space behind it.
  @Test func mergesStayWithinWords() throws {
    #expect(try tokenizer(["b Ġ", "Ġ a"], tokens: ["a", "b", "Ġ", "bĠ", "Ġa"]).encode("b a") == [1, 4])
  }

  @Test func aWordThatIsATokenNeedsNoMerges() throws {
    #expect(try tokenizer([], pre: "glm4").encode("abc") == [7])
    #expect(try tokenizer([], pre: "dbrx").encode("abc") == [0, 1, 2])
  }

  @Test func bytesWithoutATokenAreLeftOut() throws {
    #expect(try tokenizer(["a b"]).encode("azb") == [0, 1])
  }

  @Test func emptyTextHasNoTokens() throws {
    #expect(try tokenizer([]).encode("") == [])
    #expect(try tokenizer([]).encode(bytes: [], as: .whole).tokens == [])
  }

  @Test(arguments: [
    ("gpt-2", "12345", ["12345"]), ("smollm", "12345", ["1", "2", "3", "4", "5"]),
    ("default", "12345", ["123", "45"]), ("llama-bpe", "12345", ["123", "45"]),
    ("qwen2", "12345", ["1", "2", "3", "4", "5"]),
    ("gpt-2", "I'LL", ["I", "'", "LL"]), ("llama-bpe", "I'LL", ["I", "'LL"]), ("tekken", "I'LL", ["I", "'LL"]),
    ("gpt-4o", "I'LL", ["I'LL"]),
    ("gpt-2", "a  b", ["a", " ", " b"]), ("qwen2", "a\n b", ["a", "\n", " b"]), ("gpt-2", "a\n b", ["a", "\n", " b"]),
    ("gpt-2", "(foo", ["(", "foo"]), ("qwen2", "(foo", ["(foo"]),
    ("tekken", "fooBar", ["foo", "Bar"]), ("qwen2", "fooBar", ["fooBar"]),
    ("qwen2", "!\n\nx", ["!\n\n", "x"]), ("gpt-2", "!\n\nx", ["!", "\n", "\n", "x"]),
    ("tekken", "!/\nx", ["!/\n", "x"]), ("falcon", "a`b", ["a", "`", "b"]),
  ])
  func familiesCutTextApart(pre: String, text: String, words: [String]) throws {
    // Every substring is a token, and any two neighbours join: only a cut keeps them apart.
    let bytes = Array(text.utf8)
    var tokens = Set(bytes.map { spelled([$0]) })
    var merges: [String] = []
    for start in bytes.indices {
      for end in bytes.indices where end > start {
        tokens.insert(spelled(bytes[start...end]))
        for cut in (start + 1)...end { merges.append(spelled(bytes[start..<cut]) + " " + spelled(bytes[cut...end])) }
      }
    }
    let tokenizer = try tokenizer(merges, pre: pre, tokens: tokens.sorted())
    let encoded = try tokenizer.encode(text).map { String(decoding: tokenizer.piece($0), as: UTF8.self) }
    #expect(encoded.joined() == text)
    #expect(encoded == words)
  }

  /// ASCII in the byte alphabet: what is not visible is U+0100 and more.
  private func spelled(_ bytes: some Sequence<UInt8>) -> String {
    String(
      String.UnicodeScalarView(
        bytes.compactMap { Unicode.Scalar($0 > 0x20 && $0 < 0x7F ? UInt32($0) : 0x100 + UInt32($0)) }))
  }
}
