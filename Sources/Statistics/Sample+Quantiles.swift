import Glibc

extension Sample {
  package var median: Double { quantile(0.5) }

  /// The quantile by linear interpolation between order statistics: definition 7 of Hyndman and Fan (The American
  /// Statistician 50, 1996), the default of R and NumPy. `probability` lies in 0...1.
  package func quantile(_ probability: Double) -> Double {
    precondition(0 <= probability && probability <= 1, "a quantile's probability lies in 0...1")
    let position = Double(count - 1) * probability
    let below = Int(position)
    let above = min(below + 1, count - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - Double(below))
  }

  package func medianEstimate(level: Double = 0.95) -> Estimate { quantileEstimate(0.5, level: level) }

  /// The median with an interval between order statistics or, where there are too few for the level, their range.
  package func medianOrRange(level: Double = 0.95) -> Estimate {
    Self.range(of: values, about: median, level: level) ?? medianEstimate(level: level)
  }

  /// The range of values that are too few for an interval at the level, about their centre: it holds the median with a
  /// probability of 1 − 2^(1 − n), which is what stands in its level. Student's t lost: where the machine has two states its
  /// 95 % of two to five runs hold the centre in 34 to 89 %. Nil for enough of them; without an interval for one.
  static func range(of values: [Double], about centre: Double, level: Double = 0.95) -> Estimate? {
    let need = countNeeded(probability: 0.5, level: level)
    guard values.count < need, let low = values.min(), let high = values.max() else { return nil }
    guard values.count > 1 else {
      return Estimate(
        centre, nil, method: .range, warnings: [.tooFewSamples(have: values.count, need: need, level: level)])
    }
    let interval = Interval(low: low, high: high, level: 1 - exp2(Double(1 - values.count)))
    return Estimate(centre, interval, method: .range)
  }

  /// A quantile with an interval between two order statistics, which supposes no distribution: the number of independent
  /// observations below the true quantile is binomial. Each tail holds at most half of 1 − level; a sample too small for
  /// that has no interval. `probability` and `level` lie strictly between 0 and 1.
  package func quantileEstimate(_ probability: Double, level: Double = 0.95) -> Estimate {
    precondition(0 < probability && probability < 1, "a quantile's probability lies between 0 and 1")
    let value = quantile(probability)
    guard let ranks = Self.ranks(count: count, probability: probability, level: level) else {
      let need = Self.countNeeded(probability: probability, level: level)
      return Estimate(
        value, nil, method: .orderStatistics, warnings: [.tooFewSamples(have: count, need: need, level: level)])
    }
    let interval = Interval(low: ordered[ranks.lowerBound - 1], high: ordered[ranks.upperBound - 1], level: level)
    return Estimate(value, interval, method: .orderStatistics)
  }

  /// The fewest observations for which the whole range of the sample is an interval: p^n and (1 − p)^n are the chances
  /// that every observation falls on one side of the quantile.
  package static func countNeeded(probability: Double, level: Double) -> Int {
    let count = (log(tail(level: level)) / log1p(-min(probability, 1 - probability))).rounded(.up)
    return Int(min(count, 0x1p62))
  }

  /// The ranks, from 1, of the order statistics that bound the quantile. With B ~ Binomial(n, p) the lower is the greatest
  /// l with P(B < l) <= tail, the upper the least u with P(B >= u) <= tail.
  static func ranks(count: Int, probability: Double, level: Double) -> ClosedRange<Int>? {
    let tail = tail(level: level)
    let binomial = Binomial(trials: count, probability: probability)
    let low = (0...count).partitioned { binomial.atMost($0 - 1) > tail } - 1
    let high = (0...count).partitioned { binomial.atLeast($0) <= tail }
    guard low >= 1, high <= count else { return nil }
    return low...high
  }

  /// What each tail may hold. A tail of exactly that much comes out a few units in the last place to either side, so the
  /// limit is wider by far more than rounding and far less than any level is known.
  private static func tail(level: Double) -> Double {
    precondition(0 < level && level < 1, "a confidence level lies between 0 and 1")
    return (1 - level) / 2 * (1 + 0x1p-40)
  }
}

extension ClosedRange<Int> {
  /// The first element for which a predicate that is false, then true, holds; one past the end if it never does.
  fileprivate func partitioned(by holds: (Int) -> Bool) -> Int {
    var low = lowerBound
    var high = upperBound + 1
    while low < high {
      let middle = low + (high - low) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension Estimate.Method {
  package static let orderStatistics = Self(rawValue: "order statistics")
  package static let range = Self(rawValue: "range")
}
