import Glibc
import Statistics

/// How many tokens, turns or tasks: one number, or a distribution over tasks.
package struct Count: Hashable, Sendable {
  package enum Shape: Hashable, Sendable {
    case quantity(Quantity)
    /// Lognormal, known by its median and by what nine of ten stay below.
    case lognormal(median: Double, p90: Double)
    case values([Double], shares: [Double])
    /// A column of the workload's log.
    case column(String)
  }

  package var shape: Shape
  package var kind: Quantity.Kind
  package var source: String?
  package var path: String

  package init(_ shape: Shape, kind: Quantity.Kind = .given, source: String? = nil, path: String = "") {
    self.shape = shape
    self.kind = kind
    self.source = source
    self.path = path
  }

  package init(_ quantity: Quantity) {
    self.init(.quantity(quantity), kind: quantity.kind, source: quantity.source, path: quantity.path)
  }

  /// The standard normal's 90th percentile.
  static let ninetieth = 1.281551565544600

  /// Whether tasks differ in it.
  package var isDistribution: Bool {
    switch shape {
    case .quantity: false
    case .lognormal(let median, let p90): p90 > median
    case .values(let values, _): Set(values).count > 1
    case .column: true
    }
  }

  /// The count below which a share of the tasks lies; not rounded. A column has none of its own.
  func quantile(_ share: Double) -> Double {
    switch shape {
    case .quantity(let quantity): return quantity.value
    case .lognormal(let median, let p90):
      return median * exp(Normal.quantile(share) * log(p90 / median) / Self.ninetieth)
    case .values(let values, let shares):
      var sum = 0.0
      for (value, part) in zip(values, shares) {
        sum += part
        if share < sum { return value }
      }
      return values[values.count - 1]
    case .column: return 0
    }
  }

  /// The mean, and the mean of what of it is within a cap: E[X] and E[min(X, cap)]; nil for a column.
  package func means(cappedAt cap: Double) -> (all: Double, within: Double)? {
    switch shape {
    case .quantity(let quantity): return (quantity.value, min(quantity.value, cap))
    case .lognormal(let median, let p90):
      let use = LognormalUse(median: median, sigma: log(p90 / median) / Self.ninetieth)
      return (use.mean, use.mean(within: cap))
    case .values(let values, let shares):
      let pairs = zip(values, shares)
      return (pairs.reduce(0) { $0 + $1.0 * $1.1 }, pairs.reduce(0) { $0 + min($1.0, cap) * $1.1 })
    case .column: return nil
    }
  }

  /// The share of users or tasks that reach a cap.
  package func share(atLeast cap: Double) -> Double {
    switch shape {
    case .quantity(let quantity): return quantity.value >= cap ? 1 : 0
    case .lognormal(let median, let p90):
      return LognormalUse(median: median, sigma: log(p90 / median) / Self.ninetieth).share(above: cap)
    case .values(let values, let shares): return zip(values, shares).reduce(0) { $0 + ($1.0 >= cap ? $1.1 : 0) }
    case .column: return 0
    }
  }
}

/// Use that is lognormal over users: E[min(X, c)] = e^(μ + σ²/2) Φ(z − σ) + c (1 − Φ(z)), z = (ln c − μ)/σ.
package struct LognormalUse: Sendable {
  package var median: Double
  package var sigma: Double

  package init(median: Double, sigma: Double) {
    self.median = median
    self.sigma = sigma
  }

  package var mean: Double { median * exp(sigma * sigma / 2) }

  package func share(above cap: Double) -> Double {
    guard sigma > 0 else { return median >= cap ? 1 : 0 }
    return cap > 0 ? Normal.upperTail(log(cap / median) / sigma) : 1
  }

  package func mean(within cap: Double) -> Double {
    guard sigma > 0 else { return min(median, cap) }
    guard cap > 0 else { return 0 }
    let z = log(cap / median) / sigma
    return mean * (1 - Normal.upperTail(z - sigma)) + cap * Normal.upperTail(z)
  }
}
