import Quantities
import Statistics

/// Figures with their uncertainty, as a report shows them.
extension Unit {
  /// A figure with as many digits as its interval supports: `12.3 ± 0.4 ms`, or `12.3 [11.9, 13.8] ms` where the
  /// interval is lopsided, or `12.3 (11.9–13.8) ms` where it is the range of a few.
  package func text(_ estimate: Estimate) -> String {
    guard estimate.value.isFinite else { return "unknown" }
    let scale = scale(for: estimate.value)
    return with(scale.symbol, Self.bare(estimate, factor: scale.factor))
  }

  package static func dollars(_ estimate: Estimate) -> String { "$" + bare(estimate) }

  /// The figure without its unit, for a column whose title has the unit.
  package static func bare(_ estimate: Estimate, factor: Double = 1) -> String {
    let value = estimate.value / factor
    guard value.isFinite else { return "unknown" }
    guard let interval = estimate.interval else { return value.significant(3) }
    let (low, high) = (interval.low / factor, interval.high / factor)
    guard low.isFinite, high.isFinite else { return "\(value.significant(3)) (unbounded)" }
    // What rounding leaves of an interval of no width has no digits.
    if high - low <= 1e-12 * value.magnitude { return value.significant(4) }
    let (below, above) = (value - low, high - value)
    let half = max(below, above)
    let isRange = estimate.method == .range
    let isLopsided = isRange || min(below, above) < half / 1.5
    let decimals = (isLopsided ? (high - low) / 2 : half).decimalsOfDoubt
    if isRange { return "\(value.rounded(decimals)) (\(low.rounded(decimals))–\(high.rounded(decimals)))" }
    if isLopsided {
      return "\(value.rounded(decimals)) [\(low.rounded(decimals)), \(high.rounded(decimals))]"
    }
    return "\(value.rounded(decimals)) ± \(half.rounded(decimals))"
  }
}
