import Glibc

/// What a figure is without each of its units in turn: the delete-one jackknife (Tukey, Annals of Mathematical Statistics 29,
/// 1958). Figures of the same units move together, and so do sums and ratios of them.
///
/// The bootstrap lost: of eight units its draws spread by √(7/8) of what they should, and a fit fails on draws that repeat
/// one unit.
package struct Replicates: Hashable, Sendable {
  /// Numbers of the units that were left out, ascending.
  package var units: [Int]
  /// The figure without each.
  package var values: [Double]
  /// Variance that no unit shows, independent of that of any other figure.
  package var besides: Double

  package init(units: [Int], values: [Double], besides: Double = 0) {
    precondition(units.count == values.count, "one value per unit")
    self.units = units
    self.values = values
    self.besides = besides
  }

  /// (n − 1)/n · Σ (θ₍ᵢ₎ − θ̄)² and what is besides.
  package var variance: Double {
    let count = Double(values.count)
    return (count - 1) * (count - 1) / count * (Moments(values).variance ?? 0) + besides
  }

  /// Student's, for as many units.
  func quantile(level: Double) -> Double {
    StudentT(degreesOfFreedom: Double(values.count - 1)).quantile((1 + level) / 2)
  }

  /// Whether what units contribute resembles what their neighbours do, in the order of their numbers: then they were parts of one
  /// state of the machine, and the variance is too small. A unit contributes the mean less what is left without it.
  package var neighboursResemble: Bool { (try? Sample(values.map { -$0 }))?.neighboursResemble ?? true }

  func mapped(besides factor: Double, _ transform: (Double) -> Double) -> Replicates {
    Replicates(units: units, values: values.map(transform), besides: besides * factor * factor)
  }
}

extension Estimate {
  /// A figure with Student's interval of its replicates, which holds nothing below zero where the figure cannot be negative.
  /// Fewer than two units give none.
  package init(
    _ value: Double, _ replicates: Replicates, level: Double = 0.95, nonNegative: Bool, method: Method,
    warnings: [Warning] = []
  ) {
    guard replicates.values.count > 1 else {
      self.init(
        value, nil, method: method,
        warnings: warnings + [.tooFewSamples(have: replicates.values.count, need: 2, level: level)])
      return
    }
    let half = replicates.quantile(level: level) * replicates.variance.squareRoot()
    let low = nonNegative ? max(0, value - half) : value - half
    self.init(
      value, Interval(low: min(low, value), high: value + half, level: level), method: method, warnings: warnings)
    self.replicates = replicates
  }

  /// The ratio of two sums over the same observations, each of a unit: the mean time of a token is that of all seconds to
  /// that of all tokens. From six units on with Student's interval of the jackknife; below, with their range.
  package static func mean(ofUnits units: [(number: Int, sum: Double, count: Double)]) -> Estimate? {
    let sum = units.reduce(0) { $0 + $1.sum }
    let count = units.reduce(0) { $0 + $1.count }
    guard count > 0, sum.isFinite, units.allSatisfy({ $0.count > 0 }) else { return nil }
    if let few = Sample.range(of: units.map { $0.sum / $0.count }, about: sum / count) { return few }
    let replicates = Replicates(
      units: units.map(\.number), values: units.map { (sum - $0.sum) / (count - $0.count) })
    return Estimate(sum / count, replicates, nonNegative: sum >= 0, method: .meanOfUnits)
  }
}

extension Estimate.Method {
  package static let meanOfUnits = Self(rawValue: "mean, jackknife over units, Student's t")
}
