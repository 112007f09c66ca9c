import Statistics

extension Curve {
  /// The family by leave-one-out error: each point is predicted by a fit to the others, with its own weight. From the
  /// simplest up, a family is taken when it betters the one held by more than the standard error of the betterment, paired
  /// point by point: the one-standard-error rule of Breiman et al. (Classification and Regression Trees, 3.4.3). Without
  /// it a needless term gets in about one time in five, and corrected AIC at six points misses terms that are there.
  static func choose(from families: [Family], _ points: [Point], nonNegative: Bool) throws(FitError) -> Family {
    let ordered = families.sorted { $0.coefficientCount < $1.coefficientCount }
    guard let simplest = ordered.first else { throw .tooFewPoints(have: points.count, need: 1) }
    if ordered.count == 1 { return simplest }
    let weights = zip(try weights(of: points), points).map { $0 * $1.sample.median * $1.sample.median }
    var chosen: (family: Family, errors: [Double])?
    for family in ordered {
      guard let errors = leaveOneOutErrors(points, family, nonNegative: nonNegative) else { continue }
      let weighted = zip(weights, errors).map { $0 * $1 * $1 }
      if let held = chosen {
        let betterment = Moments(zip(held.errors, weighted).map(-))
        guard let variance = betterment.variance else { continue }
        if betterment.mean <= (variance / Double(betterment.count)).squareRoot() { continue }
      }
      chosen = (family, weighted)
      // No clock tells times apart by half the digits of a Double: what is left is rounding, not shape.
      if errors.allSatisfy({ $0.magnitude <= 0x1p-26 }) { break }
    }
    guard let chosen else { throw .tooFewPoints(have: points.count, need: simplest.coefficientCount + 1) }
    return chosen.family
  }

  /// The error at each point of a fit to the others, as a share of the cost there; nil if some fit is undetermined.
  private static func leaveOneOutErrors(_ points: [Point], _ family: Family, nonNegative: Bool) -> [Double]? {
    var errors: [Double] = []
    for (index, point) in points.enumerated() {
      var others = points
      others.remove(at: index)
      guard let fit = try? solve(others, family, nonNegative: nonNegative) else { return nil }
      errors.append(1 - dot(fit.coefficients, family.value(at: point.x)) / point.sample.median)
    }
    return errors
  }
}
