/// The values of `tokenizer.ggml.pre` that are understood; which of them share a rule is taken from llama.cpp.
extension PreTokenizer {
  static let families: [String: PreTokenizer] = {
    var families: [String: PreTokenizer] = [:]
    func add(_ names: String, _ stages: [Stage], ignoresMerges: Bool = false, addsBeginning: Bool = false) {
      for name in names.split(separator: " ") {
        families[String(name)] = PreTokenizer(
          stages: stages, ignoresMerges: ignoresMerges, addsBeginning: addsBeginning)
      }
    }
    add(
      "gpt-2 phi-2 mpt olmo jais gigachat a.x-4.0 mellum exaone4 trillion granite-docling", [.gptTwoWords])
    add(
      "smollm starcoder refact command-r codeshell exaone minerva-7b mellum2",
      [.isolate(.eachNumber), .gptTwoWords])
    add(
      "default", [.isolate(.punctuation), .gptTwoWords, .isolate(.numbers), .isolate(.digitTriples)])
    add(
      "falcon", [.isolate(.punctuationAndBackticks), .gptTwoWords, .isolate(.digitTriples)])
    add(
      "llama-bpe llama3 llama-v3 falcon3 falcon-h1 pixtral midm-2.0 lfm2", [.words(WordRule())],
      ignoresMerges: true, addsBeginning: true)
    add(
      "glm4 glm5", [.words(WordRule())], ignoresMerges: true)
    add(
      "dbrx smaug-bpe chatglm-bpe", [.words(WordRule())])
    add(
      "qwen2 deepseek-r1-qwen stablelm2 hunyuan solar-open megrez grok-2 kormo f2llmv2",
      [.words(WordRule(digits: 1))])
    add(
      "qwen35", [.words(WordRule(letters: [.letter, .mark], digits: 1))])
    add(
      "tekken",
      [.words(WordRule(splitsContractions: false, splitsAtCapitals: true, digits: 1, takesSlashes: true))],
      ignoresMerges: true, addsBeginning: true)
    add(
      "gpt-4o llama4 kanana2 talkie minimax-m2",
      [
        .words(
          WordRule(splitsContractions: false, keepsContractions: true, splitsAtCapitals: true, takesSlashes: true))
      ])
    return families
  }()
}
