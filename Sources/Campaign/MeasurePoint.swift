import Records

/// A place of the ladder: a request of that length is read and its first tokens are generated, or several sequences
/// decode together at that context.
package struct MeasurePoint: Codable, Sendable, Hashable {
  package var contextTokens: Int
  package var sequences: Int

  package init(contextTokens: Int, sequences: Int = 1) {
    self.contextTokens = contextTokens
    self.sequences = sequences
  }

  var isBatch: Bool { sequences > 1 }

  /// The runs of one repetition, in their order: the prefill is what fills the context for the decode.
  package func shapes(steps: Int) -> [RunShape] {
    let decode = RunShape(
      phase: .decode, generatedTokens: steps, contextTokens: contextTokens, sequences: sequences)
    if isBatch || contextTokens == 0 { return [decode] }
    return [RunShape(phase: .prefill, promptTokens: contextTokens), decode]
  }

  /// For messages: `context 512` or `8 sequences at context 128`.
  package var name: String {
    isBatch ? "\(sequences) sequences at context \(contextTokens)" : "context \(contextTokens)"
  }
}
