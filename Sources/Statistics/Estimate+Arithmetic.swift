import Glibc

/// Figures made of figures. Those of the same units move together, and their replicates are added or divided. The limits of a
/// sum or ratio of independent estimates are recovered from the limits of its parts (the method of variance estimates recovery:
/// Zou and Donner, Statistics in Medicine 27, 2008), so that lopsided intervals stay lopsided. Parts of different levels give
/// the lower one.
extension Estimate {
  /// The figure times a number that is known exactly.
  package func scaled(by factor: Double) -> Estimate { scaled(by: factor, within: factor...factor) }

  /// The figure times a factor that lies within certain bounds. Bounds meet bounds: the product's interval holds the
  /// truth whenever both intervals do.
  package func scaled(by factor: Double, within bounds: ClosedRange<Double>) -> Estimate {
    let corners = interval.map { interval in
      [interval.low, interval.high].flatMap { [$0 * bounds.lowerBound, $0 * bounds.upperBound] }.sorted()
    }
    var result = self
    result.value = value * factor
    result.interval = corners.map { Interval(low: $0[0], high: $0[3], level: interval?.level ?? 1) }
    // Doubt about the factor is in the limits alone.
    result.replicates =
      bounds.lowerBound == bounds.upperBound ? replicates?.mapped(besides: factor) { $0 * factor } : nil
    return result
  }

  /// The sum with another figure. One of the same units moves with this one; deviations of an independent one add in
  /// quadrature on each side.
  package func plus(_ other: Estimate) -> Estimate {
    if other.method == .exact, var mine = replicates {
      mine.values = mine.values.map { $0 + other.value }
      var sum = combined(with: other, value: value + other.value) { limits, _, _ in
        Interval(low: limits.low + other.value, high: limits.high + other.value, level: limits.level)
      }
      sum.replicates = mine
      return sum
    }
    if method == .exact, other.replicates != nil { return other.plus(self) }
    if let (mine, theirs) = shared(with: other) {
      let replicates = Replicates(
        units: mine.units, values: zip(mine.values, theirs.values).map(+), besides: mine.besides + theirs.besides)
      let isCost = [self, other].allSatisfy { ($0.interval?.low ?? 0) >= 0 }
      let method = combined(with: other, value: 0) { _, _, _ in nil }
      return Estimate(
        value + other.value, replicates, level: min(interval?.level ?? 1, other.interval?.level ?? 1),
        nonNegative: isCost, method: method.method, warnings: method.warnings)
    }
    return combined(with: other, value: value + other.value) { mine, theirs, sum in
      Interval(
        low: sum - hypot(value - mine.low, other.value - theirs.low),
        high: sum + hypot(mine.high - value, theirs.high - other.value),
        level: min(mine.level, theirs.level))
    }
  }

  /// The ratio to another figure; nil to zero. Its logarithm is a difference: with a figure of the same units that of the
  /// replicates, else limits add in quadrature. Where a part may be zero or negative the ratio has no bounds, and no interval.
  package func ratio(to other: Estimate) -> Estimate? {
    if other.value == 0 { return nil }
    if let (mine, theirs) = shared(with: other), let low = interval?.low, let least = other.interval?.low, low > 0,
      least > 0, zip(mine.values, theirs.values).allSatisfy({ $0 > 0 && $1 > 0 })
    {
      let logs = Replicates(
        units: mine.units, values: zip(mine.values, theirs.values).map { log($0 / $1) },
        besides: mine.besides / (value * value) + theirs.besides / (other.value * other.value))
      let level = min(interval?.level ?? 1, other.interval?.level ?? 1)
      let factor = exp(logs.quantile(level: level) * logs.variance.squareRoot())
      var result = combined(with: other, value: value / other.value) { _, _, ratio in
        Interval(low: ratio / factor, high: ratio * factor, level: level)
      }
      result.replicates = Replicates(
        units: mine.units, values: logs.values.map { exp($0) }, besides: logs.besides * result.value * result.value)
      return result
    }
    var result = combined(with: other, value: value / other.value) { mine, theirs, ratio in
      guard mine.low > 0, theirs.low > 0, value > 0, other.value > 0 else { return nil }
      return Interval(
        low: ratio * exp(-hypot(log(value / mine.low), log(theirs.high / other.value))),
        high: ratio * exp(hypot(log(mine.high / value), log(other.value / theirs.low))),
        level: min(mine.level, theirs.level))
    }
    if result.interval == nil, interval != nil, other.interval != nil {
      result.warnings.append(.unboundedRatio)
    }
    return result
  }

  /// The replicates of both where they are of the same units.
  private func shared(with other: Estimate) -> (Replicates, Replicates)? {
    guard let mine = replicates, let theirs = other.replicates, mine.units == theirs.units else { return nil }
    return (mine, theirs)
  }

  private func combined(
    with other: Estimate, value: Double, interval limits: (Interval, Interval, Double) -> Interval?
  ) -> Estimate {
    var interval: Interval?
    if let mine = self.interval, let theirs = other.interval { interval = limits(mine, theirs, value) }
    let added = other.warnings.filter { !warnings.contains($0) }
    let method =
      self.method == other.method || other.method == .exact ? self.method : .combined(self.method, other.method)
    return Estimate(value, interval, method: method, warnings: warnings + added)
  }
}

extension Estimate.Method {
  fileprivate static func combined(_ first: Self, _ second: Self) -> Self {
    first == .exact ? second : Self(rawValue: "\(first.rawValue); \(second.rawValue)")
  }
}

extension Warning {
  package static let unboundedRatio = Warning(
    code: "unbounded-ratio",
    message: "the interval of a part of this ratio reaches zero: measure longer to bound the ratio")
}
