/// Whether a series stays where it is: its second half set against its first, which a drift moves as well as a step.
package struct Stationarity: Hashable, Sendable {
  /// The median of the second half over that of the first.
  package let halvesRatio: Double
  /// Two-sided, of halves at least so far apart in a series of independent values, by the Mann–Whitney test.
  package let probability: Double

  /// Nil for fewer than two values.
  package init?(_ series: Sample) {
    let half = series.count / 2
    guard let first = try? Sample(Array(series.values.prefix(half))),
      let second = try? Sample(Array(series.values.suffix(half)))
    else { return nil }
    halvesRatio = second.median / first.median
    probability = MannWhitney(first, second).probability
  }
}
