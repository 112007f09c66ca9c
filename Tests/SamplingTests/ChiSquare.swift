import Foundation

/// Pearson's test of counts against probabilities.
enum ChiSquare {
  /// The probability of counts at least as far from what is expected. Cells in which fewer than ten are expected count as one.
  static func tail(_ counts: [Int32: Int], _ probabilities: [Int32: Double]) -> Double {
    let draws = Double(counts.values.reduce(0, +))
    var statistic = 0.0
    var cells = 0
    var rare = (expected: 0.0, counted: 0.0)
    for (token, probability) in probabilities {
      let counted = Double(counts[token] ?? 0)
      if probability * draws < 10 {
        rare.expected += probability * draws
        rare.counted += counted
      } else {
        statistic += (counted - probability * draws) * (counted - probability * draws) / (probability * draws)
        cells += 1
      }
    }
    if rare.expected >= 10 {
      statistic += (rare.counted - rare.expected) * (rare.counted - rare.expected) / rare.expected
      cells += 1
    }
    return cells < 2 ? 1 : upperGamma(Double(cells - 1) / 2, statistic / 2)
  }

  /// Regularised upper incomplete gamma function Q(a, x): its series below a + 1, its continued fraction above.
  static func upperGamma(_ a: Double, _ x: Double) -> Double {
    guard x > 0 else { return 1 }
    let front = exp(a * log(x) - x - lgamma(a))
    if x < a + 1 {
      var term = 1 / a
      var sum = term
      var n = a
      while term > sum * 1e-16 {
        n += 1
        term *= x / n
        sum += term
      }
      return 1 - front * sum
    }
    // Lentz's method.
    var b = x + 1 - a
    var c = 1e300
    var d = 1 / b
    var fraction = d
    for i in 1...10_000 {
      let numerator = -Double(i) * (Double(i) - a)
      b += 2
      d = 1 / (numerator * d + b)
      c = b + numerator / c
      fraction *= c * d
      if abs(c * d - 1) < 1e-15 { break }
    }
    return front * fraction
  }
}
