import Statistics

extension Curve {
  /// Fits the curve through the medians of the points, and chooses its family by leave-one-out error when there are several.
  ///
  /// The covariance follows from what was independent. When every run alone determines the curve, the units are the runs,
  /// and resampling them counts what the points of a run have in common; otherwise each point is a unit, and the residuals
  /// about the curve tell.
  package static func fit(
    _ points: [Point], over axis: Axis, families: [Family] = Family.allCases, nonNegative: Bool = true,
    bootstrap: Bootstrap = Bootstrap()
  ) throws(FitError) -> Curve {
    let family = try choose(from: families, points, nonNegative: nonNegative)
    let solution = try solve(points, family, nonNegative: nonNegative)
    guard let places = try? Sample(points.map(\.x)) else { throw .notFinite }
    let spread = covariance(points, family, solution, bootstrap)
    var warnings: [Warning] = []
    if spread.covariance == nil { warnings.append(.noPointToSpare(points: points.count, family: family)) }
    // A cost that falls is best held by a constant, which has nothing to hold: the line is asked too.
    let suspects = nonNegative ? [family, .affine].filter(families.contains) : []
    if suspects.contains(where: { fallsForCertain(points, $0, bootstrap) }) { warnings.append(.heldAtZero) }
    return Curve(
      axis: axis, family: family, coefficients: solution.coefficients, covariance: spread.covariance,
      degreesOfFreedom: spread.degreesOfFreedom, nonNegative: nonNegative,
      domain: places.minimum...places.maximum, pointCount: points.count, runCount: Set(points.map(\.run)).count,
      rSquared: solution.rSquared, method: spread.method, warnings: warnings)
  }

  static func solve(_ points: [Point], _ family: Family, nonNegative: Bool) throws(FitError) -> LeastSquares {
    let design = DesignMatrix(rows: points.count, columns: family.coefficientCount) { row, column in
      family.value(at: points[row].x)[column]
    }
    return try LeastSquares(
      design, points.map(\.sample.median), weights: try weights(of: points), nonNegative: nonNegative)
  }

  /// Whether a coefficient that no constraint holds is below zero beyond the doubt about it.
  private static func fallsForCertain(_ points: [Point], _ family: Family, _ bootstrap: Bootstrap) -> Bool {
    guard let free = try? solve(points, family, nonNegative: false), free.coefficients.contains(where: { $0 < 0 })
    else { return false }
    let spread = covariance(points, family, free, bootstrap)
    guard let covariance = spread.covariance else { return false }
    let quantile = StudentT(degreesOfFreedom: Double(spread.degreesOfFreedom)).quantile(0.975)
    return free.coefficients.indices.contains { index in
      free.coefficients[index] < -quantile * covariance[index][index].squareRoot()
    }
  }

  private static func covariance(
    _ points: [Point], _ family: Family, _ solution: LeastSquares, _ bootstrap: Bootstrap
  ) -> (covariance: [[Double]]?, degreesOfFreedom: Int, method: Estimate.Method) {
    let runs = Dictionary(grouping: points, by: \.run).sorted { $0.key < $1.key }.map(\.value)
    guard runs.count > 1, runs.allSatisfy({ (try? solve($0, family, nonNegative: false)) != nil }) else {
      let covariance = solution.residualVariance.map { variance in
        solution.gramInverse.map { row in row.map { $0 * variance } }
      }
      return (covariance, solution.degreesOfFreedom, .leastSquaresResiduals)
    }
    // Unconstrained draws: held at zero they would bunch up there and understate the spread.
    let draws = bootstrap.draws(from: runs) { resampled in
      try? solve(resampled.flatMap(\.self), family, nonNegative: false).coefficients
    }
    // Resampled units spread by the divisor n, a sample's variance has n − 1.
    let correction = Double(runs.count) / Double(runs.count - 1)
    return (covariance(of: draws.compactMap(\.self), times: correction), runs.count - 1, .leastSquaresRuns)
  }

  private static func covariance(of draws: [[Double]], times factor: Double) -> [[Double]]? {
    guard let width = draws.first?.count, draws.count > 1 else { return nil }
    let means = (0..<width).map { column in Moments(draws.lazy.map { $0[column] }).mean }
    return means.indices.map { row in
      means.indices.map { column in
        let products = draws.lazy.map { ($0[row] - means[row]) * ($0[column] - means[column]) }
        return factor * products.reduce(0, +) / Double(draws.count - 1)
      }
    }
  }
}

extension Estimate.Method {
  package static let leastSquaresResiduals = Self(rawValue: "least squares over medians; Student's t of the residuals")
  package static let leastSquaresRuns = Self(rawValue: "least squares over medians; bootstrap over runs, Student's t")
}

extension Warning {
  static func noPointToSpare(points: Int, family: Family) -> Warning {
    Warning(
      code: "no-point-to-spare",
      message:
        "\(points) points leave none to judge a \(family.rawValue) curve by: for intervals, measure at more places")
  }

  static let heldAtZero = Warning(
    code: "held-at-zero",
    message:
      "the points show a part of the cost below zero, which was held at zero: look for drift while they were measured")
}
