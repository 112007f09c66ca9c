extension Bootstrap {
  /// The ratio of a statistic of two groups with the percentile interval of its draws, each group resampled by its
  /// independent units: values, or clusters of them such as all that one process observed.
  package func ratio<Unit>(
    of first: [Unit], to second: [Unit], level: Double = 0.95, statistic: ([Unit]) -> Double
  ) -> Estimate {
    let value = statistic(first) / statistic(second)
    let have = min(first.count, second.count)
    let need = Sample.countNeeded(probability: 0.5, level: level)
    guard have >= need else {
      return Estimate(
        value, nil, method: .bootstrapRatio, warnings: [.tooFewSamples(have: have, need: need, level: level)])
    }
    let above = draws(from: first, statistic: statistic)
    // Another seed: the two groups are independent.
    let below = Bootstrap(replicates: replicates, seed: seed &+ 1).draws(from: second, statistic: statistic)
    guard let drawn = try? Sample(zip(above, below).map { $0 / $1 }) else {
      return Estimate(value, nil, method: .bootstrapRatio, warnings: [.undefinedStatistic])
    }
    let interval = Interval(low: drawn.quantile((1 - level) / 2), high: drawn.quantile((1 + level) / 2), level: level)
    return Estimate(value, interval, method: .bootstrapRatio)
  }

  package func ratioOfMedians(_ first: Sample, to second: Sample, level: Double = 0.95) -> Estimate {
    ratio(of: first.values, to: second.values, level: level) { values in
      let ordered = values.sorted()
      let middle = ordered.count / 2
      return ordered.count.isMultiple(of: 2) ? (ordered[middle - 1] + ordered[middle]) / 2 : ordered[middle]
    }
  }
}

extension Estimate.Method {
  package static let bootstrapRatio = Self(rawValue: "ratio, bootstrap of independent units, percentiles")
}
