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
}

extension Warning {
  package static let undefinedStatistic = Warning(
    code: "undefined-statistic",
    message: "the statistic is not a number on some resamples: it needs more, or more varied, samples")
}
