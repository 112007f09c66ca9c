/// What is run: the phase and its lengths.
package struct RunShape: Sendable, Hashable {
  package var phase: Phase
  package var promptTokens: Int
  package var generatedTokens: Int
  package var contextTokens: Int
  package var sequences: Int

  package init(
    phase: Phase, promptTokens: Int = 0, generatedTokens: Int = 0, contextTokens: Int = 0, sequences: Int = 1
  ) {
    self.phase = phase
    self.promptTokens = promptTokens
    self.generatedTokens = generatedTokens
    self.contextTokens = contextTokens
    self.sequences = sequences
  }
}

/// A test as llama-bench's flags set it: a prompt, a generation, or one behind the other.
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

  /// The runs of a repetition, in their order.
  package var runs: [RunShape] {
    [
      RunShape(phase: .prefill, promptTokens: promptTokens, contextTokens: depth, sequences: sequences),
      RunShape(
        phase: .decode, generatedTokens: generatedTokens, contextTokens: depth + promptTokens, sequences: sequences),
    ].filter { $0.promptTokens + $0.generatedTokens > 0 }
  }
}
