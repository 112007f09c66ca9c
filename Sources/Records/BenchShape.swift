/// The lengths of one test of a bench, as llama-bench's flags set them.
package struct BenchShape: Sendable, Hashable {
  package var promptTokens: Int
  package var generatedTokens: Int
  /// Tokens in the cache of each sequence before the test begins.
  package var depth: Int
  package var sequences: Int

  package init(promptTokens: Int, generatedTokens: Int, depth: Int = 0, sequences: Int = 1) {
    self.promptTokens = promptTokens
    self.generatedTokens = generatedTokens
    self.depth = depth
    self.sequences = sequences
  }

  /// The test that one run would be.
  package init(_ run: RunShape) {
    self.init(
      promptTokens: run.promptTokens, generatedTokens: run.generatedTokens, depth: run.contextTokens,
      sequences: run.sequences)
  }

  /// Tokens that the rate counts.
  package var tokens: Int { (promptTokens + generatedTokens) * sequences }

  /// `pp512`, `tg128`, `pp512+tg128`, with ` @ d4096` behind it when the cache was filled first.
  package var name: String {
    let base =
      if generatedTokens == 0 { "pp\(promptTokens)" } else if promptTokens == 0 { "tg\(generatedTokens)" } else {
        "pp\(promptTokens)+tg\(generatedTokens)"
      }
    return depth > 0 ? "\(base) @ d\(depth)" : base
  }
}
