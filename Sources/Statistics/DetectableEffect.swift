import Glibc

/// How small a difference a comparison can be expected to find.
package enum DetectableEffect {
  /// The least ratio above 1 that a Mann–Whitney test at level α would find with a given power, for positive values whose
  /// logarithms spread alike on both sides; nil where the samples are so few that no outcome would be significant.
  ///
  /// The shift of a normal two-sample t test, times √(π/3), the test's efficiency for normal values (Lehmann,
  /// Nonparametrics, 1975); stray values widen the spread and so err to the cautious side.
  package static func ratio(_ first: Sample, _ second: Sample, alpha: Double = 0.05, power: Double = 0.8) -> Double? {
    guard first.minimum > 0, second.minimum > 0,
      MannWhitney.leastProbability(first.count, second.count) <= alpha,
      let mine = Moments(first.values.map { log($0) }).variance,
      let theirs = Moments(second.values.map { log($0) }).variance
    else { return nil }
    let (n1, n2) = (Double(first.count), Double(second.count))
    let freedom = n1 + n2 - 2
    let spread = (((n1 - 1) * mine + (n2 - 1) * theirs) / freedom).squareRoot()
    let t = StudentT(degreesOfFreedom: freedom)
    let shift = (t.quantile(1 - alpha / 2) + t.quantile(power)) * spread * (1 / n1 + 1 / n2).squareRoot()
    return exp(shift * (Double.pi / 3).squareRoot())
  }

  /// The same of a signed-rank test of the logarithms of pairs' ratios, by the width of the interval that it gives, which
  /// stray values hardly widen.
  package static func ratio(_ test: SignedRank, alpha: Double = 0.05, power: Double = 0.8) -> Double? {
    guard let interval = test.interval(alpha: alpha) else { return nil }
    let deviate = -Normal.quantile(alpha / 2)
    return exp((interval.high - interval.low) / 2 * (deviate + Normal.quantile(power)) / deviate)
  }
}
