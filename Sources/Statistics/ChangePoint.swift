/// The place at which a series most likely changed its level once.
///
/// Of all places, the one where the sum of ranks before it lies farthest from its expectation, in units of its deviation:
/// a CUSUM of ranks (Pettitt, Applied Statistics 28, 1979), which no single stray value can move. Its probability is that of
/// the Mann–Whitney test of the two sides, times the number of places that were tried (Bonferroni).
package struct ChangePoint: Hashable, Sendable {
  /// The first observation after the change.
  package let index: Int
  package let probability: Double

  /// Nil for a series that is too short to have two sides.
  package init?(_ series: Sample) {
    let count = series.count
    guard count > 1 else { return nil }
    let ranks = series.values.midranks
    let total = Double(count)
    var sum = 0.0
    var best = (index: 1, score: -1.0)
    for index in 1..<count {
      sum += ranks[index - 1]
      let before = Double(index)
      let deviation = sum - before * (total + 1) / 2
      let score = deviation * deviation / (before * (total - before))
      if score > best.score { best = (index, score) }
    }
    guard let before = try? Sample(Array(series.values[..<best.index])),
      let after = try? Sample(Array(series.values[best.index...]))
    else { return nil }
    index = best.index
    probability = min(1, MannWhitney(before, after).probability * (total - 1))
  }
}

extension Sample {
  /// How many of the first times are a warm-up: those that stand far above all later ones, or those before a change point, if
  /// they are slower than what follows, no more than half of all, and the change is not chance (probability below 1 %).
  package var warmUpCount: Int {
    let outliers = leadingOutliers
    guard outliers == 0 else { return outliers }
    guard let change = ChangePoint(self), change.probability < 0.01, change.index <= count / 2,
      let before = try? Sample(Array(values[..<change.index])), let after = try? Sample(Array(values[change.index...])),
      before.median > after.median
    else { return 0 }
    return change.index
  }

  /// How many first values, eight and a quarter at most, lie above the median of the rest by more than twice what any of the rest does,
  /// and by eight of its deviations. Ranks cannot tell a first run that took five times as long from the slowest of many. Fewer than twelve do not tell their deviation.
  private var leadingOutliers: Int {
    guard count >= 12 else { return 0 }
    return stride(from: min(8, count / 4), to: 0, by: -1).first { length in
      guard let rest = try? Sample(Array(values[length...])), let least = values[..<length].min(),
        let deviation = try? Sample(rest.values.map { ($0 - rest.median).magnitude }).median * 1.4826
      else { return false }
      return least - rest.median > max(8 * deviation, 2 * (rest.maximum - rest.median))
    } ?? 0
  }
}
