import Glibc

/// The standard normal distribution.
package enum Normal {
  /// P(Z > z).
  package static func upperTail(_ z: Double) -> Double { erfc(z / 2.0.squareRoot()) / 2 }

  /// The z below which a share `probability`, between 0 and 1, of the distribution lies.
  package static func quantile(_ probability: Double) -> Double {
    symmetricQuantile(probability, upperTail: upperTail)
  }
}

/// Student's t distribution.
package struct StudentT: Sendable {
  package let degreesOfFreedom: Double

  package init(degreesOfFreedom: Double) {
    precondition(degreesOfFreedom > 0, "Student's t needs degrees of freedom")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// P(T > t).
  package func upperTail(_ t: Double) -> Double {
    let total = degreesOfFreedom + t * t
    let beyond =
      regularizedIncompleteBeta(degreesOfFreedom / 2, 0.5, at: degreesOfFreedom / total, complement: t * t / total) / 2
    return t < 0 ? 1 - beyond : beyond
  }

  /// The t below which a share `probability`, between 0 and 1, of the distribution lies.
  package func quantile(_ probability: Double) -> Double {
    symmetricQuantile(probability, upperTail: upperTail)
  }
}

/// Fisher's distribution of the ratio of two mean squares.
package struct FDistribution: Sendable {
  private let numerator: Double
  private let denominator: Double

  /// Degrees of freedom, at least 1 each.
  package init(_ numerator: Int, _ denominator: Int) {
    precondition(numerator > 0 && denominator > 0, "Fisher's distribution needs degrees of freedom")
    (self.numerator, self.denominator) = (Double(numerator), Double(denominator))
  }

  /// P(F > f).
  package func upperTail(_ f: Double) -> Double {
    let total = denominator + numerator * f
    return regularizedIncompleteBeta(
      denominator / 2, numerator / 2, at: denominator / total, complement: numerator * f / total)
  }
}

/// The number of successes in independent trials.
package struct Binomial: Sendable {
  package let trials: Int
  package let probability: Double

  package init(trials: Int, probability: Double) {
    precondition(trials >= 0 && 0 <= probability && probability <= 1, "a binomial needs trials and a probability")
    self.trials = trials
    self.probability = probability
  }

  /// P(B <= successes).
  package func atMost(_ successes: Int) -> Double {
    if successes < 0 { return 0 }
    if successes >= trials { return 1 }
    return regularizedIncompleteBeta(
      Double(trials - successes), Double(successes + 1), at: 1 - probability, complement: probability)
  }

  /// P(B >= successes), without the cancellation of 1 − atMost(successes − 1).
  package func atLeast(_ successes: Int) -> Double {
    if successes <= 0 { return 1 }
    if successes > trials { return 0 }
    return regularizedIncompleteBeta(
      Double(successes), Double(trials - successes + 1), at: probability, complement: 1 - probability)
  }
}

/// Inverts the tail of a distribution symmetric about zero by bisection, to the last bit that the tail resolves.
private func symmetricQuantile(_ probability: Double, upperTail: (Double) -> Double) -> Double {
  precondition(0 < probability && probability < 1, "a quantile's probability lies between 0 and 1")
  let tail = min(probability, 1 - probability)
  var low = 0.0
  var high = 1.0
  while upperTail(high) > tail { high *= 2 }
  while true {
    let middle = low + (high - low) / 2
    if middle <= low || middle >= high { return probability < 0.5 ? -middle : middle }
    if upperTail(middle) > tail { low = middle } else { high = middle }
  }
}
