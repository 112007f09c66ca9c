import Model
import TestSupport
import Testing

/// Files that are wrong are refused in one line that names file and key; nothing else happens.
@Suite struct HostileMetadataTests {
  struct Flaw: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// What the error must say.
    var error: String
    var make: @Sendable (inout TokenizerMetadata) -> Void
  }

  static let bytePairFlaws = [
    Flaw(testDescription: "no tokens", error: "'tokenizer.ggml.tokens': the vocabulary is empty") {
      $0.tokens = ByteStrings([])
    },
    Flaw(testDescription: "few kinds", error: "'tokenizer.ggml.token_type': 1 values for 4 tokens") { $0.kinds = [1] },
    Flaw(testDescription: "one token twice", error: "tokens 0 and 4 are both 'a'") {
      $0.tokens = ByteStrings(["a", "b", "ab", "c", "a"])
    },
    Flaw(testDescription: "no merges", error: "'tokenizer.ggml.merges': missing") { $0.merges = nil },
    Flaw(testDescription: "merge without a space", error: "merge 1, 'ab', has no space") {
      $0.merges = ByteStrings(["a b", "ab"])
    },
    Flaw(testDescription: "empty merge", error: "merge 0, '', has no space") { $0.merges = ByteStrings([""]) },
    Flaw(testDescription: "merge of a stranger", error: "merge 0, 'a z', joins a piece that is not a token") {
      $0.merges = ByteStrings(["a z"])
    },
    Flaw(testDescription: "merge with nothing", error: "merge 0, 'a ', joins a piece that is not a token") {
      $0.merges = ByteStrings(["a "])
    },
    Flaw(testDescription: "merge outside the byte alphabet", error: "joins a piece that is not a token") {
      $0.merges = ByteStrings(["a 好"])
    },
    Flaw(testDescription: "merge to a stranger", error: "merge 0, 'b c', makes a piece that is not a token") {
      $0.merges = ByteStrings(["b c"])
    },
    Flaw(testDescription: "unknown family", error: "'tokenizer.ggml.pre': 'gpt-9' is not known") {
      $0.preTokenizer = "gpt-9"
    },
    Flaw(testDescription: "unknown model", error: "'tokenizer.ggml.model': 'bert' is not supported") {
      $0.model = "bert"
    },
  ]

  static let sentencePieceFlaws = [
    Flaw(testDescription: "many scores", error: "'tokenizer.ggml.scores': 5 values for 4 tokens") {
      $0.scores = [1, 2, 3, 4, 5]
    },
    Flaw(testDescription: "no scores", error: "'tokenizer.ggml.scores': missing") { $0.scores = nil },
    Flaw(testDescription: "NaN", error: "'tokenizer.ggml.scores': the score of token 2 is not a number") {
      $0.scores = [0, 0, .nan, 0]
    },
  ]

  private var bytePair: TokenizerMetadata {
    TokenizerMetadata(
      file: "model.gguf", model: "gpt2", preTokenizer: "gpt-2", tokens: ByteStrings(["a", "b", "ab", "c"]),
      merges: ByteStrings(["a b"]))
  }

  @Test(arguments: bytePairFlaws) func bytePairFlawIsNamed(_ flaw: Flaw) throws {
    #expect(try Tokenizer(bytePair).encode("abc") == [2, 3])
    try check(bytePair, flaw)
  }

  @Test(arguments: sentencePieceFlaws) func sentencePieceFlawIsNamed(_ flaw: Flaw) throws {
    var metadata = bytePair
    metadata.model = "llama"
    metadata.scores = [-3, -3, -1, -3]
    #expect(try Tokenizer(metadata).encode("ab", as: .part) == [0, 2])
    try check(metadata, flaw)
  }

  private func check(_ sound: TokenizerMetadata, _ flaw: Flaw) throws {
    var metadata = sound
    flaw.make(&metadata)
    let error = #expect(throws: GGUFError.self) { try Tokenizer(metadata) }
    let line = try #require(error).description
    #expect(line.hasPrefix("model.gguf: metadata 'tokenizer.ggml."))
    #expect(line.contains(flaw.error), "\(line)")
    #expect(!line.contains { $0.isNewline })
  }

  /// Values drawn at random: a tokenizer or an error, and a tokenizer takes any bytes.
  @Test(arguments: 0..<200 as Range<UInt64>) func anyMetadataIsSurvived(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    func random(_ count: Int) -> Int { Int.random(in: 0..<count, using: &generator) }
    let alphabet = [
      "a", "b", "Ġ", "▁", "<0x41>", "<0x4", "<s>", "", " ", "好", "\u{142}", "<", "\n", "ab", "Ġa", "<end_of_turn>",
    ]
    func strings(_ most: Int) -> ByteStrings {
      var strings = ByteStrings()
      for _ in 0..<random(most) {
        let text = (0...random(3)).map { _ in alphabet[random(alphabet.count)] }.joined()
        strings.append(random(9) == 0 ? [UInt8](text.utf8.dropLast()) : Array(text.utf8))
      }
      return strings
    }
    var metadata = TokenizerMetadata(
      file: "random", model: random(2) == 0 ? "gpt2" : "llama",
      preTokenizer: ["smollm", "tekken", "default"][random(3)],
      tokens: strings(7), modelName: random(2) == 0 ? "phi3" : "")
    let count = metadata.tokens.count
    metadata.scores = (0..<count).map { _ in [0, -0.0, .infinity, -.infinity, -2.5][random(5)] }
    metadata.kinds = (0..<count).map { _ in Int32(random(9)) - 1 }
    metadata.merges = ByteStrings()
    metadata.addsSpacePrefix = random(2) == 0
    metadata.addsBeginning = random(2) == 0
    metadata.addsEnd = random(2) == 0
    metadata.identifiers = ["bos": random(5) - 1, "eos": random(5) - 1, "unknown": random(5) - 1, "eot": random(9)]
    if random(3) == 0 { metadata.merges = strings(3) }
    guard let tokenizer = try? Tokenizer(metadata) else { return }
    for _ in 0..<20 {
      let bytes = (0..<random(40)).map { _ in
        random(2) == 0 ? UInt8(random(256)) : [0x61, 0x62, 0x20, 0xE2, 0x96, 0x81, 0x3C, 0x0A][random(8)]
      }
      var detokenizer = tokenizer.detokenizer()
      let encoding = try? tokenizer.encode(bytes: bytes, special: random(2) == 0, as: .whole)
      for token in encoding?.tokens ?? [] {
        #expect((0..<Int32(count)).contains(token))
        _ = detokenizer.append(token)
      }
      _ = detokenizer.finish()
    }
  }
}
