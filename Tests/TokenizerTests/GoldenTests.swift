import Foundation
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
    let composes = expected.pre.flatMap { PreTokenizer.families[$0] }?.composes ?? false
    let added = try tokenizer.encode("")
    let (head, tail) = (added.filter { Int($0) == expected.bos }, added.filter { Int($0) == expected.eos })
    for (text, tokens) in zip(texts, expected.tokens) {
      // llama.cpp composes nothing; WordTests holds these texts to another oracle.
      if composes, isChangedByComposing(text) { continue }
      // llama.cpp adds a token also where the text spells it; AddedTokenTests is about that.
      let encoded = try tokenizer.encode(bytes: text, special: expected.special ?? false, as: .part).tokens
      #expect(
        head + encoded + tail == tokens.split(separator: " ").compactMap { Int32($0) },
        "\(String(decoding: text, as: UTF8.self))")
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
    let composes = golden.pre.flatMap { PreTokenizer.families[$0] }?.composes ?? false
    for text in self.golden.texts where golden.model == "gpt2" || !text.contains("▁") {
      if composes, isChangedByComposing(Array(text.utf8)) { continue }
      var detokenizer = tokenizer.detokenizer(showsControl: true)
      let decoded = try tokenizer.encode(text, as: .part).map { detokenizer.append($0) }.joined()
      #expect(decoded + detokenizer.finish() == text)
    }
  }

  private func isChangedByComposing(_ bytes: [UInt8]) -> Bool {
    let text = String(decoding: bytes, as: UTF8.self)
    return !text.unicodeScalars.elementsEqual(text.precomposedStringWithCanonicalMapping.unicodeScalars)
  }
}
