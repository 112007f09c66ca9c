import Statistics

/// What was observed at one place of an axis in one run. A fit takes the median, which a stray interruption does not
/// move; a cost of interruptions is therefore not in the curve.
package struct Point: Codable, Hashable, Sendable {
  package var x: Double
  package var sample: Sample
  /// Points of one run share what a run has in common; runs are independent.
  package var run: Int

  package init(x: Double, sample: Sample, run: Int = 0) {
    self.x = x
    self.sample = sample
    self.run = run
  }
}

extension Point {
  /// The spread of the values as a share of their median.
  var relativeSpread: Double { (sample.quantile(0.75) - sample.quantile(0.25)) / sample.median }
}

/// Weights for the medians of points, 1 / variance up to a common factor.
///
/// The relative variance of a point is half its own spread and half the typical one. Its own alone would be too uncertain
/// (six values per point: intervals meant for 95 % hold 87 %) and would let one lucky point rule the fit; how many values
/// it has is left out, because what sets medians of many tokens apart is what changed between points, which more
/// tokens do not average away. With no spread known, errors are taken to grow with the cost.
func weights(of points: [Point]) throws(FitError) -> [Double] {
  if let point = points.first(where: { $0.sample.median <= 0 }) { throw .notPositive(at: point.x) }
  if points.isEmpty { return [] }
  guard let spreads = try? Sample(points.map(\.relativeSpread)) else { throw .notFinite }
  let typical = spreads.median
  return points.map { point in
    let spread = point.relativeSpread
    let variance = typical > 0 ? (spread * spread + typical * typical) / 2 : 1
    return 1 / (variance * point.sample.median * point.sample.median)
  }
}
