import Glibc
import Statistics

extension Estimate {
  /// A figure that each run gave once. Runs are the units: what the steps of one run have in common, its steps cannot
  /// tell. From six runs on the median of the runs, below that their mean with Student's interval; one run has none.
  static func across(runs values: [Double]) -> Estimate? {
    guard let sample = try? Sample(values) else { return nil }
    if sample.count >= Sample.countNeeded(probability: 0.5, level: 0.95) { return sample.medianEstimate() }
    return sample.meanEstimate()
  }

  /// A figure of several runs whose intervals come from what they have in common, which repeating does not shrink: a
  /// sensor's calibration, a coefficient. The interval of what the runs differ by is added in quadrature.
  static func alike(_ figures: [Estimate], spread: Interval?) -> Estimate? {
    guard let first = figures.first, let values = try? Sample(figures.map(\.value)),
      let lows = try? Sample(figures.compactMap(\.interval?.low)),
      let highs = try? Sample(figures.compactMap(\.interval?.high)), lows.count == figures.count
    else { return nil }
    let value = values.median
    let below = hypot(value - lows.median, max(0, value - (spread?.low ?? value)))
    let above = hypot(highs.median - value, max(0, (spread?.high ?? value) - value))
    let low = lows.minimum >= 0 ? max(0, value - below) : value - below
    return Estimate(
      value, Interval(low: low, high: value + above, level: 0.95), method: first.method, warnings: first.warnings)
  }

  /// The sum with a figure whose error has the same cause: limits meet limits.
  func plusAlike(_ other: Estimate) -> Estimate {
    var sum = plus(other)
    if let mine = interval, let theirs = other.interval {
      sum.interval = Interval(
        low: mine.low + theirs.low, high: mine.high + theirs.high, level: min(mine.level, theirs.level))
    }
    return sum
  }
}
