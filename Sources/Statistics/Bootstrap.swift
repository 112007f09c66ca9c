/// Resampling with replacement, reproducible from its seed.
package struct Bootstrap: Sendable {
  package var replicates: Int
  package var seed: UInt64

  /// The spread of a statistic is then known to 1/√(2 · 1000), about 2 %.
  package init(replicates: Int = 1000, seed: UInt64 = 0) {
    self.replicates = replicates
    self.seed = seed
  }

  /// What a statistic gives on resamples of the units. A unit is whatever was observed independently: a value, or a
  /// whole run.
  package func draws<Unit, Value>(
    from units: [Unit], statistic: ([Unit]) throws -> Value
  ) rethrows -> [Value] {
    guard !units.isEmpty else { return [] }
    var generator = SplitMix64(seed: seed)
    return try (0..<replicates).map { _ in
      try statistic(units.indices.map { _ in units[generator.index(below: units.count)] })
    }
  }

  /// A statistic of a sample with the percentile interval of its draws. No draw leaves the range of the sample, which
  /// holds even the median only with probability 1 − 2^(1 − n): a sample too small for that has no interval.
  package func estimate(
    of sample: Sample, level: Double = 0.95, statistic: ([Double]) -> Double
  ) -> Estimate {
    let value = statistic(sample.values)
    let need = Sample.countNeeded(probability: 0.5, level: level)
    guard sample.count >= need else {
      return Estimate(
        value, nil, method: .bootstrap, warnings: [.tooFewSamples(have: sample.count, need: need, level: level)])
    }
    guard let drawn = try? Sample(draws(from: sample.values, statistic: statistic)) else {
      return Estimate(value, nil, method: .bootstrap, warnings: [.undefinedStatistic])
    }
    let interval = Interval(low: drawn.quantile((1 - level) / 2), high: drawn.quantile((1 + level) / 2), level: level)
    return Estimate(value, interval, method: .bootstrap)
  }
}

extension Estimate.Method {
  package static let bootstrap = Self(rawValue: "bootstrap, percentiles")
}

extension Warning {
  package static let undefinedStatistic = Warning(
    code: "undefined-statistic",
    message: "the statistic is not a number on some resamples: it needs more, or more varied, samples")
}
