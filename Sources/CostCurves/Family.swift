/// A shape that a cost may have over its axis: a polynomial, from the simplest up.
package enum Family: String, Codable, CaseIterable, Sendable {
  case constant, affine, quadratic

  package var coefficientCount: Int {
    switch self {
    case .constant: 1
    case .affine: 2
    case .quadratic: 3
    }
  }

  /// What each coefficient multiplies in the value at x.
  package func value(at x: Double) -> [Double] { Array([1, x, x * x].prefix(coefficientCount)) }

  /// What each coefficient multiplies in the slope at x.
  package func slope(at x: Double) -> [Double] { Array([0, 1, 2 * x].prefix(coefficientCount)) }

  /// What each coefficient multiplies in the sum of the values at x, x + 1, … x + count − 1.
  package func sum(from x: Double, count: Double) -> [Double] {
    let steps = count * (count - 1) / 2
    let squaredSteps = steps * (2 * count - 1) / 3
    return Array([count, count * x + steps, count * x * x + 2 * x * steps + squaredSteps].prefix(coefficientCount))
  }
}
