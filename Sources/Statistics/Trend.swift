/// Whether a series stays where it is: how far it moved, and whether that can be chance.
package struct Trend: Hashable, Sendable {
  /// Spearman's rank correlation of the values with their order.
  package let correlation: Double
  /// Two-sided, of a correlation at least as great in a series without trend, by Student's t.
  package let probability: Double
  /// The median of the second half over that of the first.
  package let halvesRatio: Double

  /// Nil for fewer than four observations, or where all are equal.
  package init?(_ series: Sample) {
    let count = series.count
    let half = count / 2
    guard count >= 4, series.minimum < series.maximum,
      let first = try? Sample(Array(series.values.prefix(half))),
      let second = try? Sample(Array(series.values.suffix(half)))
    else { return nil }
    let middle = Double(count + 1) / 2
    let ranks = series.values.midranks
    var (products, squares) = (0.0, 0.0)
    for (place, rank) in ranks.enumerated() {
      products += (Double(place + 1) - middle) * (rank - middle)
      squares += (rank - middle) * (rank - middle)
    }
    let places = Double(count) * (Double(count) * Double(count) - 1) / 12
    correlation = products / (places * squares).squareRoot()
    let freedom = Double(count - 2)
    let rest = 1 - correlation * correlation
    probability =
      rest > 0
      ? 2 * StudentT(degreesOfFreedom: freedom).upperTail(correlation.magnitude * (freedom / rest).squareRoot()) : 0
    halvesRatio = second.median / first.median
  }
}
