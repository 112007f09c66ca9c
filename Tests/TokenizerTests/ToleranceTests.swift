import Model
import TestSupport
import Testing

/// Flaws that harm no text, or not this one: a warning, and the tokens of the file without the flaw.
@Suite struct ToleranceTests {
  struct Flaw: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// What the warning must say.
    var warning: String
    var make: @Sendable (inout TokenizerMetadata) -> Void
  }

  static let flaws = [
    Flaw(testDescription: "eos is the vocabulary's size", warning: "eos_token_id': 7 is not among the 7 tokens") {
      $0.identifiers["eos"] = 7
    },
    Flaw(testDescription: "unknown is -1", warning: "unknown_token_id': 4294967295 is not among") {
      $0.identifiers["unknown"] = 0xFFFF_FFFF
    },
    Flaw(testDescription: "eot far away", warning: "eot_token_id': 9223372036854775807 is not among") {
      $0.identifiers["eot"] = .max
    },
    Flaw(testDescription: "bos that is not added", warning: "bos_token_id': -1 is not among the 7 tokens") {
      $0.identifiers["bos"] = -1
      $0.addsBeginning = false
    },
    Flaw(
      testDescription: "two unused tokens alike", warning: "tokens 7 and 8 are both '<unused>'; text means one of them"
    ) {
      $0.add(["<unused>", "<unused>"], kind: 5)
    },
    Flaw(testDescription: "many alike", warning: "tokens 7 and 8 are both '<u>', and 2 more have a name that is taken")
    {
      $0.add(["<u>", "<u>", "<u>", "<u>"], kind: 5)
    },
    Flaw(testDescription: "an unused token named as text", warning: "tokens 3 and 7 are both 'a'") {
      $0.add(["a"], kind: 5)
    },
    Flaw(testDescription: "a control token named as text", warning: "tokens 4 and 7 are both 'b'") {
      $0.add(["b"], kind: 3)
    },
    Flaw(testDescription: "two control tokens alike", warning: "tokens 7 and 8 are both '<|x|>'") {
      $0.add(["<|x|>", "<|x|>"], kind: 3)
    },
    Flaw(
      testDescription: "unknown types", warning: "token_type': token 7 has the unknown type 99, and 1 more have such"
    ) {
      $0.add(["y", "z"], kind: 99)
    },
  ]

  static let models = ["gpt2", "llama"]

  private func metadata(_ model: String) -> TokenizerMetadata {
    TokenizerMetadata(
      file: "m.gguf", model: model, preTokenizer: model == "gpt2" ? "gpt-2" : nil,
      tokens: ByteStrings(["<unk>", "<s>", "</s>", "a", "b", "ab", "c"]), scores: [0, 0, 0, -3, -3, -1, -3],
      kinds: [2, 3, 3, 1, 1, 1, 1], merges: ByteStrings(["a b"]), addsSpacePrefix: false, addsBeginning: false)
  }

  @Test(arguments: flaws, models) func aFlawThatHarmsNoTextIsAWarning(_ flaw: Flaw, model: String) throws {
    let sound = try Tokenizer(metadata(model))
    #expect(sound.warnings.isEmpty)
    #expect(try sound.encode("abca") == [5, 6, 3])
    var metadata = metadata(model)
    flaw.make(&metadata)
    let tokenizer = try Tokenizer(metadata)
    #expect(try tokenizer.encode("abca") == [5, 6, 3])
    #expect(tokenizer.warnings.count == 1)
    let line = try #require(tokenizer.warnings.first)
    #expect(line.hasPrefix("m.gguf: metadata 'tokenizer.ggml.") && line.contains(flaw.warning), "\(line)")
    #expect(!line.contains { $0.isNewline })
  }

  /// The token that text may mean is found whichever comes first.
  @Test(arguments: models) func theSpelledOneOfTwoTokensIsMeant(model: String) throws {
    var metadata = metadata(model)
    metadata.tokens = ByteStrings(["<unk>", "<s>", "</s>", "a", "b", "ab", "c", "a"])
    metadata.scores?.append(-3)
    metadata.kinds = [2, 3, 3, 5, 1, 1, 1, 1]
    #expect(try Tokenizer(metadata).encode("aca") == [7, 6, 7])
    metadata.kinds = [2, 3, 3, 3, 1, 1, 1, 1]
    #expect(try Tokenizer(metadata).encode("aca") == [7, 6, 7])
    #expect(try Tokenizer(metadata).encode("aca", special: true) == [3, 6, 3])
    metadata.kinds = [2, 3, 3, 1, 1, 1, 1, 1]
    let error = #expect(throws: GGUFError.self) { try Tokenizer(metadata) }
    #expect(error?.reason == "tokens 3 and 7 are both 'a', and text may mean either")
  }

  /// `default` is what files without the key were cut by.
  @Test func aMissingFamilyIsAWarning() throws {
    var metadata = metadata("gpt2")
    metadata.preTokenizer = nil
    let tokenizer = try Tokenizer(metadata)
    #expect(try tokenizer.encode("abca") == [5, 6, 3])
    #expect(
      tokenizer.warnings == [
        "m.gguf: metadata 'tokenizer.ggml.pre': missing; text is cut as for 'default', which may not be the model's way: "
          + "convert the model again"
      ])
  }

  /// A character without tokens of its own or of its bytes needs the unknown one.
  @Test func theUnknownTokenIsAskedForWhenATextNeedsIt() throws {
    var metadata = metadata("llama")
    #expect(try Tokenizer(metadata).encode("axb") == [3, 0, 4])
    metadata.identifiers["unknown"] = 7
    let tokenizer = try Tokenizer(metadata)
    #expect(try tokenizer.encode("ab") == [5])
    let error = #expect(throws: GGUFError.self) { try tokenizer.encode("axb") }
    #expect(error?.reason == "7 is not among the 7 tokens, and the text has a character that no token spells")
  }
}

extension TokenizerMetadata {
  fileprivate mutating func add(_ names: [String], kind: Int32) {
    for name in names {
      tokens.append(name.utf8)
      scores?.append(-9)
      kinds?.append(kind)
    }
  }
}
