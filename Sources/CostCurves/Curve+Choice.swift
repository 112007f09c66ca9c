import Statistics

extension Curve {
  /// The family by leaving out whole places: the mean cost of each is predicted by a fit to all others. From the simplest up,
  /// a family is taken when it betters the one held by more than the standard error of the betterment, paired place by place:
  /// the one-standard-error rule of Breiman et al. (Classification and Regression Trees, 3.4.3). So is one that betters a
  /// family whose lack of fit is certain, where places are too few for that. Leaving out single points lost: others at the
  /// same place foretell them, whatever the family.
  /// Rivals are other families whose errors at places left out are at most half as large again.
  static func choose(
    from families: [Family], _ points: [Point], nonNegative: Bool
  ) throws(FitError) -> (family: Family, rivals: [Family]) {
    let ordered = best(of: families, points, nonNegative: nonNegative)
    guard let simplest = ordered.first else { throw .tooFewPoints(have: points.count, need: 1) }
    if ordered.count == 1 { return (simplest, []) }
    var chosen: (family: Family, squares: [Double])?
    var tried: [(family: Family, error: Double)] = []
    for family in ordered {
      guard let errors = leaveOutErrors(points, family, nonNegative: nonNegative) else { continue }
      let squares = errors.map { $0 * $0 }
      tried.append((family, squares.reduce(0, +)))
      if let held = chosen {
        let betterment = Moments(zip(held.squares, squares).map(-))
        guard let variance = betterment.variance, betterment.mean > 0 else { continue }
        let isRefuted = (refutation(of: held.family, points, nonNegative: nonNegative) ?? 1) < 0.01
        if !isRefuted, betterment.mean <= (variance / Double(betterment.count)).squareRoot() { continue }
      }
      chosen = (family, squares)
      // No clock tells times apart by half the digits of a Double: what is left is rounding, not shape.
      if errors.allSatisfy({ $0.magnitude <= 0x1p-26 }) { break }
    }
    guard let chosen else { throw .tooFewPoints(have: points.count, need: simplest.terms.count + 1) }
    let bar = 2.25 * chosen.squares.reduce(0, +)
    return (chosen.family, tried.filter { $0.family != chosen.family && $0.error <= bar }.map(\.family))
  }

  /// One family of each set of terms, that whose row share fits all points best, from the fewest terms up.
  private static func best(of families: [Family], _ points: [Point], nonNegative: Bool) -> [Family] {
    Dictionary(grouping: families, by: \.terms).values.compactMap { alike in
      alike.count == 1
        ? alike[0]
        : alike.min { squares(points, $0, nonNegative: nonNegative) < squares(points, $1, nonNegative: nonNegative) }
    }.sorted { ($0.terms.count, $0.name) < ($1.terms.count, $1.name) }
  }

  private static func squares(_ points: [Point], _ family: Family, nonNegative: Bool) -> Double {
    (try? solve(points, family, nonNegative: nonNegative))?.residualSquares ?? .infinity
  }

  private static func refutation(of family: Family, _ points: [Point], nonNegative: Bool) -> Double? {
    (try? solve(points, family, nonNegative: nonNegative)).flatMap {
      LackOfFit(points, family, $0.coefficients)?.probability
    }
  }

  /// The error at each place of a fit to the others, as a share of the cost there; nil if some fit is undetermined.
  private static func leaveOutErrors(_ points: [Point], _ family: Family, nonNegative: Bool) -> [Double]? {
    let places = points.places
    var errors: [Double] = []
    for (index, place) in places.enumerated() {
      let others = places.indices.filter { $0 != index }.flatMap { places[$0] }
      guard let fit = try? solve(others, family, nonNegative: nonNegative) else { return nil }
      errors.append(1 - dot(fit.coefficients, family.factors(of: place.meanDemand)) / place.meanCost)
    }
    return errors
  }
}
