import Statistics

extension Curve {
  /// Fits the curve through the points by least squares of relative errors, and chooses its family by whole places left out
  /// when there are several.
  ///
  /// The covariance is the jackknife's over units. Points of a single unit, or units that are needed to determine the curve,
  /// leave only the residuals to judge by, as if each point were independent.
  package static func fit(
    _ points: [Point], growth: Growth = Growth(), kind: Kind = .asPaid, families: [Family], nonNegative: Bool = true
  ) throws(FitError) -> Curve {
    // What a verdict takes from a unit, unlike what time ran out for, leaves no place to compare.
    let whole = kind == .asPaid ? points.ofWholeUnits : points
    _ = try points.weights()
    let (family, others) = try choose(from: families, whole, nonNegative: nonNegative)
    let solution = try solve(whole, family, nonNegative: nonNegative)
    let scale = kind == .asPaid ? paidShare(points, family, solution.coefficients) : 1
    let coefficients = solution.coefficients.map { $0 * scale }
    let rivals = others.compactMap { other in
      (try? solve(whole, other, nonNegative: nonNegative)).map { rival in
        let scale = kind == .asPaid ? paidShare(points, other, rival.coefficients) : 1
        return Rival(family: other, coefficients: rival.coefficients.map { $0 * scale })
      }
    }
    let spread = covariance(points, whole, family, solution, kind)
    let spans = points.map { point in
      (
        first: point.place,
        last: Place(tokens: point.place.tokens, context: point.lastContext, sequences: point.place.sequences)
      )
    }
    guard let domain = Domain(spans) else { throw .tooFewPoints(have: points.count, need: 1) }
    let lackOfFit = LackOfFit(whole, family, solution.coefficients)
    var warnings: [Warning] = []
    if spread.covariance == nil { warnings.append(.noPointToSpare(points: points.count, family: family)) }
    if !spread.units.isEmpty, spread.units.count < Sample.countNeeded(probability: 0.5, level: 0.95) {
      warnings.append(.fewUnits(spread.units.count))
    }
    if let lackOfFit, lackOfFit.probability < 0.01 { warnings.append(.misfit(lackOfFit, family)) }
    // A cost that falls is best held by a constant, which has nothing to hold: the next family is asked too.
    let suspects = nonNegative ? families.filter { $0 == family || $0.terms.count == 2 && family.terms.count == 1 } : []
    if suspects.contains(where: { fallsForCertain(points, whole, $0, kind) }) { warnings.append(.heldAtZero) }
    return Curve(
      kind: kind, growth: growth, family: family, coefficients: coefficients, units: spread.units,
      replicates: spread.replicates, covariance: spread.covariance, degreesOfFreedom: spread.degreesOfFreedom,
      nonNegative: nonNegative, domain: domain, pointCount: points.count, unitCount: points.units.count,
      residualSpread: solution.residualVariance?.squareRoot(), lackOfFit: lackOfFit, rivals: rivals,
      method: spread.method,
      warnings: warnings)
  }

  static func solve(_ points: [Point], _ family: Family, nonNegative: Bool) throws(FitError) -> LeastSquares {
    let factors = points.map { family.factors(of: $0.demand) }
    let design = DesignMatrix(rows: points.count, columns: family.terms.count) { row, column in factors[row][column] }
    return try LeastSquares(design, points.map(\.cost), weights: try points.weights(), nonNegative: nonNegative)
  }

  /// What was paid for the points over what the curve has for them.
  private static func paidShare(_ points: [Point], _ family: Family, _ coefficients: [Double]) -> Double {
    let paid = points.reduce(0) { $0 + $1.count * $1.cost }
    let fitted = points.reduce(0) { $0 + $1.count * dot(coefficients, family.factors(of: $1.demand)) }
    return fitted > 0 && paid.isFinite ? paid / fitted : 1
  }

  /// Whether a coefficient that no constraint holds is below zero beyond the doubt about it.
  private static func fallsForCertain(_ points: [Point], _ whole: [Point], _ family: Family, _ kind: Kind) -> Bool {
    guard let free = try? solve(whole, family, nonNegative: false), free.coefficients.contains(where: { $0 < 0 })
    else { return false }
    let spread = covariance(points, whole, family, free, kind)
    guard let covariance = spread.covariance else { return false }
    let quantile = StudentT(degreesOfFreedom: Double(spread.degreesOfFreedom)).quantile(0.975)
    return free.coefficients.indices.contains { index in
      free.coefficients[index] < -quantile * covariance[index][index].squareRoot()
    }
  }

  private struct Spread {
    var units: [Int] = []
    var replicates: [[Double]] = []
    var covariance: [[Double]]?
    var degreesOfFreedom: Int
    var method: Estimate.Method
  }

  private static func covariance(
    _ points: [Point], _ whole: [Point], _ family: Family, _ solution: LeastSquares, _ kind: Kind
  ) -> Spread {
    let units = whole.units
    // Unconstrained replicates: held at zero they would bunch up there and understate the spread.
    let replicates = units.compactMap { unit -> [Double]? in
      guard let fit = try? solve(whole.filter { $0.unit != unit }, family, nonNegative: false) else { return nil }
      let scale = kind == .asPaid ? paidShare(points.filter { $0.unit != unit }, family, fit.coefficients) : 1
      return fit.coefficients.map { $0 * scale }
    }
    guard units.count > 1, replicates.count == units.count else {
      let covariance = solution.residualVariance.map { variance in
        solution.gramInverse.map { row in row.map { $0 * variance } }
      }
      return Spread(
        covariance: covariance, degreesOfFreedom: solution.degreesOfFreedom, method: .leastSquaresResiduals)
    }
    let size = family.terms.count
    let means = (0..<size).map { column in Moments(replicates.lazy.map { $0[column] }).mean }
    let factor = Double(units.count - 1) / Double(units.count)
    let covariance = (0..<size).map { row in
      (0..<size).map { column in
        factor * replicates.reduce(0) { $0 + ($1[row] - means[row]) * ($1[column] - means[column]) }
      }
    }
    return Spread(
      units: units, replicates: replicates, covariance: covariance, degreesOfFreedom: units.count - 1,
      method: .leastSquaresUnits)
  }
}

extension Estimate.Method {
  package static let leastSquaresResiduals = Self(
    rawValue: "least squares of relative errors; Student's t of residuals, as if points were independent")
  package static let leastSquaresUnits = Self(
    rawValue: "least squares of relative errors; jackknife over units, Student's t")
}

extension Warning {
  static func noPointToSpare(points: Int, family: Family) -> Warning {
    Warning(
      code: "no-point-to-spare",
      message:
        "\(points) points leave none to judge \(family.name) by: for intervals, measure at more places")
  }

  static func fewUnits(_ count: Int) -> Warning {
    Warning(
      code: "few-units",
      message: "the curve's intervals rest on \(count) units: below six they hold less often than they say; measure in "
        + "more windows (--windows, --budget)")
  }

  static let heldAtZero = Warning(
    code: "held-at-zero",
    message:
      "the points show a part of the cost below zero, which was held at zero: look for drift while they were measured")
}
