import Glibc

extension Estimate {
  /// The product with an independent figure. Its logarithm is a sum: the limits of the logarithms add in quadrature. Nil where a
  /// part may be zero or negative.
  package func product(with other: Estimate) -> Estimate? {
    guard let mine = interval, let theirs = other.interval, mine.low > 0, theirs.low > 0 else { return nil }
    let product = value * other.value
    return Estimate(
      product,
      Interval(
        low: product * exp(-hypot(log(value / mine.low), log(other.value / theirs.low))),
        high: product * exp(hypot(log(mine.high / value), log(theirs.high / other.value))),
        level: min(mine.level, theirs.level)),
      method: method, warnings: warnings + other.warnings.filter { !warnings.contains($0) })
  }

  /// What of an exact price is left over this cost, as a share: the limits change places.
  package func margin(ofPrice price: Double) -> Estimate {
    Estimate(
      1 - value / price,
      interval.map { Interval(low: 1 - $0.high / price, high: 1 - $0.low / price, level: $0.level) }, method: method,
      warnings: warnings)
  }
}
