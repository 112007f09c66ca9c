import Records

/// A place of the ladder: a request of that length is read and its first tokens are generated, one is read behind tokens that
/// are in the cache already, or several sequences decode together at that context.
package struct MeasurePoint: Codable, Sendable, Hashable {
  package var contextTokens: Int
  /// Tokens in the cache before the request is read; then nothing is generated.
  package var cachedTokens: Int?
  package var sequences: Int
  /// Nil for the plan's own.
  package var threads: Int?
  /// How many of the first layers of the plan's model, at full width; nil for all.
  package var layers: Int?

  package init(
    contextTokens: Int, cachedTokens: Int? = nil, sequences: Int = 1, threads: Int? = nil, layers: Int? = nil
  ) {
    self.contextTokens = contextTokens
    self.cachedTokens = cachedTokens
    self.sequences = sequences
    self.threads = threads
    self.layers = layers
  }

  var isBatch: Bool { sequences > 1 }
  /// What each sequence has to have room for, besides what is generated.
  var length: Int { contextTokens + (cachedTokens ?? 0) }

  /// Whether one engine serves both: sequences that decode together have one of their own.
  func sharesEngine(with other: MeasurePoint) -> Bool {
    threads == other.threads && layers == other.layers && isBatch == other.isBatch
  }

  /// The runs of one repetition, in their order: the prefill is what fills the context for the decode.
  package func shapes(steps: Int) -> [RunShape] {
    if let cachedTokens {
      return [RunShape(phase: .prefill, promptTokens: contextTokens, contextTokens: cachedTokens)]
    }
    let decode = RunShape(
      phase: .decode, generatedTokens: steps, contextTokens: contextTokens, sequences: sequences)
    if isBatch || contextTokens == 0 { return [decode] }
    return [RunShape(phase: .prefill, promptTokens: contextTokens), decode]
  }

  /// For messages: `context 512` or `8 sequences at context 128`, with `on 2 threads` or `of 4 layers` behind it.
  package var name: String {
    (isBatch ? "\(sequences) sequences at context \(contextTokens)" : "context \(contextTokens)")
      + (cachedTokens.map { " behind \($0) cached" } ?? "")
      + (threads.map { " on \($0) thread\($0 == 1 ? "" : "s")" } ?? "")
      + (layers.map { " of \($0) layer\($0 == 1 ? "" : "s")" } ?? "")
  }
}
