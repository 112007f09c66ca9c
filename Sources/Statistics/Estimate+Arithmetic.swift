import Glibc

/// Figures made of figures. The limits of a sum or ratio of independent estimates are recovered from the limits of its
/// parts (the method of variance estimates recovery: Zou and Donner, Statistics in Medicine 27, 2008), so that lopsided
/// intervals stay lopsided and no standard error has to be carried along. Parts of different levels give the lower one.
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
    return result
  }

  /// The sum with an independent figure: deviations on each side add in quadrature.
  package func plus(_ other: Estimate) -> Estimate {
    combined(with: other, value: value + other.value) { mine, theirs, sum in
      Interval(
        low: sum - hypot(value - mine.low, other.value - theirs.low),
        high: sum + hypot(mine.high - value, theirs.high - other.value),
        level: min(mine.level, theirs.level))
    }
  }

  /// The ratio to an independent figure; nil to zero. Its logarithm is a difference, whose limits add in quadrature;
  /// where a part may be zero or negative the ratio has no bounds, and no interval.
  package func ratio(to other: Estimate) -> Estimate? {
    if other.value == 0 { return nil }
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
