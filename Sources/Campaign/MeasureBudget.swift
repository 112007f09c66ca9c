/// Which points a budget of seconds pays for.
package enum MeasureBudget {
  /// What one repetition of a point takes.
  package typealias Price = (point: MeasurePoint, seconds: Double)

  /// Fewer single-sequence points than this bear no curve.
  package static let fewestPoints = 4
  /// What is measured however slow the machine is.
  package static let leastPoints = 2

  /// The points that can be repeated `rounds` times within `seconds`. The dearest is dropped first, batches before the last
  /// four single sequences. Where not even one round of those fits, `isFirst` drops more of them, down to two; later on
  /// what has been measured once is worth going on with as far as time allows.
  package static func affordable(_ prices: [Price], seconds: Double, rounds: Int, isFirst: Bool) -> [MeasurePoint] {
    var kept = prices
    func total() -> Double { kept.reduce(0) { $0 + $1.seconds } }
    func drop(_ isDroppable: (Price) -> Bool) -> Bool {
      let candidates = kept.indices.filter { isDroppable(kept[$0]) }
      // Among equals the later one goes, which is the longer.
      guard let dearest = candidates.max(by: { (kept[$0].seconds, $0) < (kept[$1].seconds, $1) }) else { return false }
      kept.remove(at: dearest)
      return true
    }
    while total() * Double(max(1, rounds)) > seconds {
      let singles = kept.count { !$0.point.isBatch }
      if !drop({ $0.point.isBatch || singles > fewestPoints }) { break }
    }
    while isFirst && total() > seconds && kept.count > leastPoints {
      if !drop({ _ in true }) { break }
    }
    return kept.map(\.point)
  }
}
