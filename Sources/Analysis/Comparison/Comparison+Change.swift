import Glibc
import Statistics

/// The two ways to set a variant against the base.
extension Comparison.Change {
  /// Compares processes that are independent of each other. `alpha` is what is left of the level for this test in the worst
  /// case. Nil where a figure is zero or below: it has no ratio.
  init?(_ base: Sample, _ sample: Sample, alpha: Double) {
    guard base.minimum > 0, sample.minimum > 0 else { return nil }
    let probability = MannWhitney(base, sample).probability
    self.init(
      ratio: Bootstrap().ratioOfMedians(sample, to: base), probability: probability, adjustedProbability: probability,
      detectableRatio: DetectableEffect.ratio(base, sample, alpha: alpha),
      allEqual: Set(base.values + sample.values).count == 1)
  }

  /// Compares by rounds, in each of which all variants ran one after the other: whatever slows the machine for minutes is
  /// then in both parts of a ratio and cancels, where it would hide a difference between two groups of processes. Where even
  /// the ratio of a round resembles that of the one before, the rounds count as the fewer that they are worth. Nil without a
  /// whole round.
  init?(rounds ratios: [Double], _ progress: Comparison.Progress, alpha: Double) {
    guard let logarithms = try? Sample(ratios.map { log($0) }) else { return nil }
    let test = SignedRank(logarithms)
    let widening = logarithms.serialInflation.squareRoot()
    let information = progress.information(of: test, widening)
    let interval = test.interval(alpha: RepeatedLooks.level(at: information, alpha: Comparison.alpha))
    let deviate = -Normal.quantile(max(test.probability / 2, .leastNormalMagnitude)) / widening
    let probability = RepeatedLooks.probability(2 * Normal.upperTail(deviate), at: information)
    var warnings: [Warning] = interval == nil ? [.tooFewRounds(ratios.count)] : []
    if widening > 1 { warnings.append(.roundsAlike(Double(ratios.count) / (widening * widening), of: ratios.count)) }
    self.init(
      ratio: Estimate(
        exp(test.shift),
        interval.map {
          Interval(
            low: exp(test.shift - (test.shift - $0.low) * widening),
            high: exp(test.shift + ($0.high - test.shift) * widening), level: 1 - Comparison.alpha)
        },
        method: .rounds, warnings: warnings),
      probability: probability, adjustedProbability: probability,
      detectableRatio: DetectableEffect.ratio(test, alpha: RepeatedLooks.level(at: 1, alpha: alpha)).map {
        pow($0, widening)
      },
      allEqual: logarithms.values.allSatisfy { $0 == 0 })
  }
}

extension Comparison {
  /// How far a comparison has come that goes on until it tells or excludes a difference.
  package struct Progress: Sendable {
    /// The difference, as a share.
    package var effect: Double
    /// The share of its time that is gone.
    package var spent: Double

    package init(effect: Double, spent: Double) {
      self.effect = effect
      self.spent = spent
    }

    /// The share of what it can learn: all once an interval is so narrow that it leaves out either no difference or a
    /// difference of the effect, wherever it lies, or when the time is over.
    fileprivate func information(of test: SignedRank, _ widening: Double) -> Double {
      let whole = test.interval(alpha: RepeatedLooks.level(at: 1, alpha: Comparison.alpha))
      let gained = whole.map { $0.high > $0.low ? pow(effect / (($0.high - $0.low) * widening), 2) : 1 } ?? 0
      return min(1, max(gained, spent, .leastNormalMagnitude))
    }
  }
}

extension Estimate.Method {
  static let rounds = Self(rawValue: "ratios of rounds, Hodges and Lehmann, limits by signed ranks for repeated looks")
}

extension Warning {
  fileprivate static func roundsAlike(_ worth: Double, of count: Int) -> Warning {
    Warning(
      code: "rounds-alike",
      message:
        "each round's ratio resembles the one before it: \(count) rounds are worth \(max(1, Int(worth))); spread them with --over"
    )
  }

  fileprivate static func tooFewRounds(_ count: Int) -> Warning {
    Warning(
      code: "too-few-rounds", message: "\(count) round\(count == 1 ? "" : "s"): too few for an interval at this look")
  }
}
