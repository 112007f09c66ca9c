import Model
import TestSupport
import Testing

@Suite struct GoldenTests {
  let golden: TokenizerGolden

  init() throws { golden = try #require(TokenizerGolden.all, "Tests/Goldens/tokenizers.json cannot be read") }

  @Test(arguments: TokenizerGolden.all?.cases ?? [])
  func tokensAreThoseOfLlamaCpp(_ expected: TokenizerGolden.Case) throws {
    let tokenizer = try Tokenizer(golden.metadata(expected))
    let texts = golden.everyText
    #expect(expected.tokens.count == texts.count)
    for (text, tokens) in zip(texts, expected.tokens) {
      let encoded = tokenizer.encode(bytes: text, special: expected.special ?? false)
      #expect(
        encoded == tokens.split(separator: " ").compactMap { Int32($0) }, "\(String(decoding: text, as: UTF8.self))")
    }
  }

  @Test(arguments: TokenizerGolden.all?.cases ?? [])
  func generationEndsWhereLlamaCppEndsIt(_ expected: TokenizerGolden.Case) throws {
    let tokenizer = try Tokenizer(golden.metadata(expected))
    #expect(tokenizer.endTokens == expected.ends)
    #expect(tokenizer.beginning == Int32(expected.bos))
  }

  @Test(arguments: ["qwen2", "space prefix"])
  func piecesAreThoseOfLlamaCpp(_ name: String) throws {
    let tokenizer = try Tokenizer(golden.metadata(name))
    let expected = try #require(golden.cases.first { $0.name == name }.flatMap { golden.vocabularies[$0.vocabulary] })
    for (id, piece) in expected.pieces.enumerated() {
      #expect(tokenizer.piece(Int32(id)) == fromHexadecimal(piece), "\(expected.tokens[id])")
    }
    #expect(tokenizer.vocabularySize == expected.tokens.count)
  }

  /// SentencePiece cannot tell a written ▁ from a space, and adds spaces of its own where the model has it so.
  @Test(arguments: TokenizerGolden.all?.cases.filter { $0.model == "gpt2" || $0.add_space_prefix == false } ?? [])
  func textSurvivesTheRoundTrip(_ golden: TokenizerGolden.Case) throws {
    let tokenizer = try Tokenizer(self.golden.metadata(golden))
    for text in self.golden.texts where golden.model == "gpt2" || !text.contains("▁") {
      var detokenizer = tokenizer.detokenizer(showsControl: true)
      let decoded = tokenizer.encode(text, addBOS: false).map { detokenizer.append($0) }.joined()
      #expect(decoded + detokenizer.finish() == text)
    }
  }

  /// A text's first token may be asked for or refused, whatever the file says.
  @Test func beginningIsTheCallersChoice() throws {
    let tokenizer = try Tokenizer(golden.metadata("llama-bpe"))
    let bare = tokenizer.encode("x y", addBOS: false)
    #expect(tokenizer.encode("x y") == [0] + bare)
    #expect(tokenizer.encode("x y", addBOS: true) == [0] + bare)
    let silent = try Tokenizer(golden.metadata("dbrx"))
    #expect(silent.encode("x y") == bare)
    #expect(silent.encode("x y", addBOS: true) == [0] + bare)
  }
}
