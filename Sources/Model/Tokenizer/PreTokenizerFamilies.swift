/// The values of `tokenizer.ggml.pre` that are understood. Which of them share a rule is taken from llama.cpp; the rules are
/// those of the models' own tokenizers, as Hugging Face's library reads them.
extension PreTokenizer {
  package static let families: [String: PreTokenizer] = {
    var families: [String: PreTokenizer] = [:]
    func add(
      _ names: String, _ stages: [Stage], composes: Bool = false, ignoresMerges: Bool = false,
      addsBeginning: Bool = false
    ) {
      for name in names.split(separator: " ") {
        families[String(name)] = PreTokenizer(
          stages: stages, composes: composes, ignoresMerges: ignoresMerges, addsBeginning: addsBeginning)
      }
    }
    add("gpt-2 phi-2 jais gigachat a.x-4.0 mellum exaone4 trillion granite-docling", [.gptTwoWords])
    add("mpt olmo", [.gptTwoWords], composes: true)
    add("smollm starcoder refact codeshell exaone minerva-7b mellum2", [.isolate(.eachNumber), .gptTwoWords])
    add("command-r", [.isolate(.eachNumber), .gptTwoWords], composes: true)
    add(
      "default",
      [.isolate(.signs), .gptTwoWords, .isolate(Run(classes: .number)), .isolate(.digitTriples)])
    add("falcon", [.isolate(.signsAndBackticks), .gptTwoWords, .isolate(.digitTriples)])
    add(
      "llama-bpe llama3 llama-v3 falcon3 falcon-h1 pixtral midm-2.0 lfm2", [.words(WordRule())],
      ignoresMerges: true, addsBeginning: true)
    add("glm4 glm5", [.words(WordRule())], ignoresMerges: true)
    add("dbrx smaug-bpe chatglm-bpe", [.words(WordRule())])
    add("solar-open megrez grok-2 kormo", [.words(WordRule(digits: 1))])
    add("qwen2 deepseek-r1-qwen f2llmv2 stablelm2 hunyuan", [.words(WordRule(digits: 1))], composes: true)
    add("qwen35", [.words(WordRule(letters: [.letter, .mark], digits: 1))], composes: true)
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
    add(
      "deepseek-llm",
      [
        .isolate(.eachNewline), .isolate(.casedWords), .isolate(.printedSigns), .isolate(.lastSpaces),
        .isolate(.eastAsian),
        .isolate(.eachNumber),
      ])
    add(
      "deepseek-coder",
      [
        .isolate(.eachNewline), .isolate(Run(takesSpace: true, classes: .letter)),
        .isolate(Run(takesSpace: true, classes: .punctuation)), .isolate(.eastAsian), .isolate(.eachNumber),
      ])
    return families
  }()
}

extension PreTokenizer.Run {
  /// `\p{N}`
  fileprivate static let eachNumber = Self(classes: .number, length: 1...1)
  /// `[0-9][0-9][0-9]`
  fileprivate static let digitTriples = Self(others: CodePoints("30-39"), length: 3...3)
  /// `[\r\n]`
  fileprivate static let eachNewline = Self(others: CodePoints("A D"), length: 1...1)
  /// `[\p{P}\$\+<=>\^~\|]+`
  fileprivate static let signs = Self(classes: .punctuation, others: CodePoints("24 2B 3C-3E 5E 7C 7E"))
  /// The same with the backtick.
  fileprivate static let signsAndBackticks = Self(classes: .punctuation, others: CodePoints("24 2B 3C-3E 5E 60 7C 7E"))
  /// `\s+$`
  fileprivate static let lastSpaces = Self(classes: .space, isLast: true)
  /// `[一-龥ࠀ-一가-퟿]+`
  fileprivate static let eastAsian = Self(others: CodePoints("800-9FA5 AC00-D7FF"))
  /// `\s?[!-/:-~！-／：-～‘-‟　-。]+`: with the letters of ASCII, as they stand between the signs.
  fileprivate static let printedSigns = Self(
    takesSpace: true, others: CodePoints("21-2F 3A-7E 2018-201F 3000-3002 FF01-FF0F FF1A-FF5E"))
  /// `\s?[A-Za-zµÀ-ÖØ-öø-ƺ…]+`: the letters with two cases of the scripts that the model's tokenizer lists.
  fileprivate static let casedWords = Self(
    takesSpace: true,
    others: CodePoints(
      """
      41-5A 61-7A B5 C0-D6 D8-F6 F8-1BA 1BC-1BF 1C4-293 295-2AF 370-373 376-377 37B-37D 37F 386 388-38A 38C 38E-3A1 \
      3A3-3F5 3F7-481 48A-52F 531-556 10A0-10C5 13A0-13F5 13F8-13FD 1C90-1CBA 1CBD-1CBF 1D00-1D2B 1D6B-1D77 1D79-1D9A \
      1E00-1F15 1F18-1F1D 1F20-1F45 1F48-1F4D 1F50-1F57 1F59 1F5B 1F5D 1F5F-1F7D 1F80-1FB4 1FB6-1FBC 1FBE 1FC2-1FC4 \
      1FC6-1FCC 1FD0-1FD3 1FD6-1FDB 1FE0-1FEC 1FF2-1FF4 1FF6-1FFC 2102 2107 210A-2113 2115 2119-211D 2124 2126 2128 \
      212A-212D 212F-2134 2139 213C-213F 2145-2149 214E 2183-2184 2C00-2C7B 2C7E-2CE4 2CEB-2CEE 2CF2-2CF3 A640-A66D \
      A680-A69B A722-A76F A771-A787 A78B-A78E AB70-ABBF FB00-FB06 FB13-FB17 FF21-FF3A FF41-FF5A 10400-1044F 104B0-104D3 \
      104D8-104FB 10C80-10CB2 10CC0-10CF2 118A0-118DF 1E900-1E943
      """))
}
