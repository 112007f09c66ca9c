import Glibc

/// A distribution to sample from against its definition, in Double.
package struct SamplingCheck {
  private let logits: [Double]
  private let probabilities: [Double]
  private let top: Double
  private let entropy: Double

  package init(_ row: UnsafeBufferPointer<Float>) {
    logits = row.map(Double.init)
    let top = logits.max() ?? 0
    self.top = top
    let weights = logits.map { exp($0 - top) }
    let total = weights.reduce(0, +)
    let probabilities = weights.map { $0 / total }
    self.probabilities = probabilities
    entropy = probabilities.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
  }

  /// Shares of probability are met to about this much.
  private static let shareError = 1e-6

  /// The largest error of a probability as a share of its bound; infinity where other tokens are left than should be.
  package func deviation(of kept: [(token: Int32, probability: Double)], next: Int32, _ method: SamplingMethod)
    -> Double
  {
    let tokens = kept.map { Int($0.token) }
    guard !tokens.isEmpty, Set(tokens).count == tokens.count, tokens.allSatisfy(logits.indices.contains),
      tokens.contains(Int(next)), isRight(tokens, method)
    else { return .infinity }
    let total = tokens.reduce(0) { $0 + probabilities[$1] }
    return kept.reduce(0) { largest, entry in
      let expected = probabilities[Int(entry.token)] / total
      // A weight is good to 2·10⁻⁷ and to what rounding its exponent does; a share is the quotient of two.
      let bound = 4e-7 + 0x1p-23 * (top - logits[Int(entry.token)] + 1)
      return max(largest, abs(entry.probability / expected - 1) / bound)
    }
  }

  /// Whether these are the tokens that the method leaves, up to the error of a share.
  private func isRight(_ tokens: [Int], _ method: SamplingMethod) -> Bool {
    switch method {
    case .greedy: tokens.count == 1 && logits[tokens[0]] == top
    case .topK: tokens.count == min(method.settings.topK, logits.count) && lead(tokens) { logits[$0] }
    case .topP: lead(tokens) { logits[$0] } && reaches(method.settings.topP, tokens) { logits[$0] }
    case .typical: lead(tokens, slack: 1e-5, typicality) && reaches(method.settings.typicalP, tokens, typicality)
    case .minP:
      logits.indices.filter { logits[$0] >= top + log(method.settings.minP) + Self.shareError }.allSatisfy(
        Set(tokens).contains)
        && tokens.allSatisfy { logits[$0] >= top + log(method.settings.minP) - Self.shareError }
    case .full: tokens.count == logits.count
    }
  }

  /// How near a token's surprise is to the mean.
  private func typicality(_ token: Int) -> Double { -abs(log(probabilities[token]) + entropy) }

  /// Nobody outside comes before anybody inside.
  private func lead(_ tokens: [Int], slack: Double = 0, _ rank: (Int) -> Double) -> Bool {
    let inside = Set(tokens)
    let least = tokens.map(rank).min() ?? 0
    return logits.indices.allSatisfy { inside.contains($0) || rank($0) <= least + slack }
  }

  /// Together they reach the share, and without the last they do not.
  private func reaches(_ share: Double, _ tokens: [Int], _ rank: (Int) -> Double) -> Bool {
    let total = tokens.reduce(0) { $0 + probabilities[$1] }
    let last = tokens.min { rank($0) < rank($1) }.map { probabilities[$0] } ?? 0
    return total >= share - Self.shareError && total - last <= share + Self.shareError
  }
}
