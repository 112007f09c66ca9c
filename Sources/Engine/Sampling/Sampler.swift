import KernelContract

/// Chooses tokens from rows of logits: penalties, top-k, typical, top-p, min-p, temperature and a draw, in this order.
/// A token whose logit is NaN or −∞ comes only where no logit is larger than −∞, the lowest −∞ before token 0; where
/// logits are +∞, the lowest of them comes. Equal logits are ordered by token. Copies share memory: use them in one thread.
package struct Sampler {
  package let settings: SamplerSettings
  /// How many tokens were chosen. With the seed it decides the next draw, so that setting it repeats one.
  package var step: UInt64 = 0
  private let vocabularySize: Int
  private let sieve: Sieve
  private let penalties: Penalties?

  package init(_ settings: SamplerSettings, kernels: SamplingKernels, vocabularySize: Int) throws {
    self.settings = try settings.validated()
    guard vocabularySize > 0 else {
      throw SamplerSettingsError(description: "a vocabulary of \(vocabularySize) tokens: there is nothing to draw from")
    }
    self.vocabularySize = vocabularySize
    guard let sieve = Sieve(kernels, vocabularySize: vocabularySize) else {
      throw SamplerSettingsError(description: "not enough memory to sample from \(vocabularySize) tokens")
    }
    self.sieve = sieve
    penalties = settings.penalises ? Penalties(settings, vocabularySize: vocabularySize) : nil
  }

  /// The next token after `history`. Where penalties apply, the logits are copied first.
  package mutating func next(_ logits: UnsafeBufferPointer<Float>, history: [Int32] = []) -> Int32 {
    defer { step &+= 1 }
    return withRow(logits, history) { choose($0) }
  }

  /// The same without a copy: logits that penalties change are restored.
  package mutating func next(_ logits: UnsafeMutableBufferPointer<Float>, history: [Int32] = []) -> Int32 {
    defer { step &+= 1 }
    let row = start(of: UnsafeBufferPointer(logits))
    guard let penalties, let base = logits.baseAddress else { return choose(row) }
    penalties.apply(history, to: base)
    defer { penalties.undo(in: base) }
    return choose(row)
  }

  /// The tokens that may come, in order, with their probabilities.
  package func distribution(
    _ logits: UnsafeBufferPointer<Float>, history: [Int32] = []
  ) -> [(token: Int32, probability: Double)] {
    withRow(logits, history) { row in
      guard filter(row) else { return [(sieve.greedy(row), 1)] }
      return sieve.distribution(temperature: settings.temperature)
    }
  }

  private func withRow<Result>(
    _ logits: UnsafeBufferPointer<Float>, _ history: [Int32], _ body: (UnsafePointer<Float>) -> Result
  ) -> Result {
    let row = start(of: logits)
    guard let penalties else { return body(row) }
    let copy = penalties.copy(row)
    penalties.apply(history, to: copy)
    return body(copy)
  }

  private func start(of logits: UnsafeBufferPointer<Float>) -> UnsafePointer<Float> {
    precondition(logits.count == vocabularySize, "\(logits.count) logits for a vocabulary of \(vocabularySize)")
    return logits.baseAddress!
  }

  private func choose(_ row: UnsafePointer<Float>) -> Int32 {
    guard filter(row) else { return sieve.greedy(row) }
    return sieve.draw(temperature: settings.temperature) {
      Philox.uniform(seed: settings.seed, step: step, attempt: $0)
    }
  }

  /// Leaves the tokens that may come in the sieve; false where the largest logit decides alone.
  private func filter(_ row: UnsafePointer<Float>) -> Bool {
    guard settings.temperature > 0, sieve.fill(row) else { return false }
    if settings.topK > 0 { sieve.keepTop(settings.topK) }
    if settings.typicalP < 1 { sieve.keepTypical(settings.typicalP) }
    if settings.topP < 1 { sieve.keepNucleus(settings.topP) }
    if settings.minP > 0 { sieve.keepProbable(settings.minP) }
    return true
  }
}
