import Model
import TestSupport
import Testing

/// The tokenizers of model files that people have, where they are present.
@Suite struct RealModelTests {
  @Test(.enabled(if: RealModels.smolLM2 != nil, "needs the real model SmolLM2")) func smolLM2() throws {
    try check(RealModels.smolLM2, against: "smollm2-135m-q4_1", beginning: 1, ends: [0, 2, 4], size: 49152)
  }

  @Test(.enabled(if: RealModels.gemma3 != nil, "needs the real model Gemma 3")) func gemma3() throws {
    try check(RealModels.gemma3, against: "gemma-3-270m-q4_k_m", beginning: 2, ends: [1, 106, 212], size: 262144)
  }

  private func check(
    _ path: String?, against name: String, beginning: Int32, ends: Set<Int32>, size: Int
  ) throws {
    let tokenizer = try Tokenizer(GGUFFile(path: #require(path)))
    #expect(tokenizer.beginning == beginning)
    #expect(tokenizer.endTokens == ends)
    #expect(tokenizer.vocabularySize == size)
    let golden: ModelGolden = try Goldens.load(name)
    for prompt in golden.prompts {
      #expect(try tokenizer.encode(prompt.text, special: prompt.special) == prompt.tokens, "\(prompt.text)")
      var detokenizer = tokenizer.detokenizer(continuing: true)
      let text = prompt.greedy.map { detokenizer.append($0) }.joined() + detokenizer.finish()
      #expect(text == prompt.greedyText)
    }
    for passage in golden.passages { #expect(try tokenizer.encode(passage.text) == passage.tokens) }
  }
}
