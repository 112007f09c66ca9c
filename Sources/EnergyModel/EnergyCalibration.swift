import Statistics

/// The energy of one stretch of time that did one thing, by a sensor.
package struct CalibrationRun: Sendable {
  package var workload: String
  package var activity: EnergyActivity
  package var joules: Double
  /// One standard deviation of what repeating it would change.
  package var deviationJoules: Double

  package init(workload: String, activity: EnergyActivity, joules: Double, deviationJoules: Double) {
    self.workload = workload
    self.activity = activity
    self.joules = joules
    self.deviationJoules = deviationJoules
  }
}

/// Coefficients of one machine: non-negative least squares over runs that each stress one term, with the prior as further
/// observations, so that what the runs cannot tell stays where it was rather than at zero.
package struct EnergyCalibration: Codable, Equatable, Sendable {
  package var coefficients: EnergyVector
  package var deviations: EnergyVector
  /// Vectors that are as likely as the coefficients' errors allow: what estimates are made of.
  package var draws: [EnergyVector]
  package var terms: [String]
  /// Mean relative error of runs that were foretold by the others' workloads.
  package var heldOutError: Double
  /// The condition of the scaled system that was solved, prior included; above 30 terms are hard to tell apart.
  package var conditionNumber: Double

  package static let acceptedError = 0.15

  package static func fit(
    _ runs: [CalibrationRun], prior: EnergyPrior, draws count: Int = 400, seed: UInt64 = 1
  ) throws(FitError) -> EnergyCalibration {
    let system = try System(runs, prior)
    let solution = try system.solve()
    var random = SplitMix64(seed: seed)
    let factor = cholesky(solution.covariance)
    let draws = (0..<count).map { _ in
      let deviates = factor.indices.map { _ in random.normal() }
      return vector(system.terms) { row in
        max(0, solution.coefficients[row] + dot(factor[row], deviates))
      }
    }
    return EnergyCalibration(
      coefficients: vector(system.terms) { solution.coefficients[$0] },
      deviations: vector(system.terms) { solution.covariance[$0][$0].squareRoot() }, draws: draws,
      terms: system.terms.map(\.rawValue), heldOutError: try heldOut(runs, prior),
      conditionNumber: solution.conditionNumber)
  }

  /// The bounds within which all coefficients lie together at the level: Bonferroni's share of the doubt for each.
  package func interval(of term: EnergyTerm, level: Double = 0.95) -> Interval {
    let reach = Normal.quantile(1 - (1 - level) / 2 / Double(max(1, terms.count))) * deviations[term]
    return Interval(low: max(0, coefficients[term] - reach), high: coefficients[term] + reach, level: level)
  }

  /// Coefficients for another machine than the one they were fitted on: within a factor of two, like any transfer.
  package func transferred(_ prior: EnergyPrior) -> EnergyPrior {
    var other = prior
    for term in EnergyTerm.allCases where terms.contains(term.rawValue) && coefficients[term] > 0 {
      other.spreads[term] = Spread(coefficients[term] / 2, coefficients[term], coefficients[term] * 2)
    }
    return other
  }

  // MARK: - The system

  private struct System {
    let terms: [EnergyTerm]
    private let design: DesignMatrix
    private let responses: [Double]
    private let weights: [Double]
    private let runCount: Int

    init(_ runs: [CalibrationRun], _ prior: EnergyPrior) throws(FitError) {
      let terms = EnergyTerm.allCases.filter { prior.spreads[$0] != nil }
      guard runs.count >= 2 else { throw .tooFewPoints(have: runs.count, need: 2) }
      guard runs.allSatisfy({ $0.deviationJoules > 0 }) else { throw .notFinite }
      let amounts = runs.map { $0.activity.amounts(of: terms) }
      design = DesignMatrix(rows: runs.count + terms.count, columns: terms.count) { row, column in
        row < runs.count ? amounts[row][column] : (row - runs.count == column ? 1 : 0)
      }
      // The normal distribution with the spread's own bounds.
      let spreads = terms.compactMap { prior.spreads[$0] }
      responses = runs.map(\.joules) + spreads.map { ($0.low + $0.high) / 2 }
      weights =
        runs.map { 1 / ($0.deviationJoules * $0.deviationJoules) }
        + spreads.map { 1 / ($0.standardDeviation * $0.standardDeviation) }
      self.terms = terms
      runCount = runs.count
    }

    func solve() throws(FitError) -> (coefficients: [Double], covariance: [[Double]], conditionNumber: Double) {
      let first = try LeastSquares(design, responses, weights: weights, nonNegative: true)
      // Where runs differ by more than their deviations say, they count for less beside the prior.
      let excess = max(1, first.residualVariance ?? 1)
      let weights = weights.enumerated().map { $0.offset < runCount ? $0.element / excess : $0.element }
      let squares = try LeastSquares(design, responses, weights: weights, nonNegative: true)
      let lengths = squares.gramInverse.indices.map { column in
        zip(design.columns[column], weights).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }.squareRoot()
      }
      // λ of the inverse of the unit-length columns' Gram matrix; its condition is the square of theirs.
      let scaled = squares.gramInverse.enumerated().map { row, values in
        values.enumerated().map { column, value in value * lengths[row] * lengths[column] }
      }
      let eigenvalues = symmetricEigenvalues(scaled)
      let ratio = (eigenvalues.max() ?? 1) / max(eigenvalues.min() ?? 1, .leastNormalMagnitude)
      return (
        squares.coefficients, squares.gramInverse, ratio.squareRoot()
      )
    }
  }

  private static func heldOut(_ runs: [CalibrationRun], _ prior: EnergyPrior) throws(FitError) -> Double {
    var errors: [Double] = []
    for workload in Set(runs.map(\.workload)).sorted() {
      let system = try System(runs.filter { $0.workload != workload }, prior)
      let coefficients = try system.solve().coefficients
      for run in runs where run.workload == workload {
        errors.append(abs(dot(coefficients, run.activity.amounts(of: system.terms)) - run.joules) / run.joules)
      }
    }
    return errors.reduce(0, +) / Double(errors.count)
  }

  private static func vector(_ terms: [EnergyTerm], _ value: (Int) -> Double) -> EnergyVector {
    terms.enumerated().reduce(into: EnergyVector()) { $0[$1.element] = value($1.offset) }
  }
}

extension EnergyActivity {
  /// In the middle of what the share of memory may be.
  fileprivate func amounts(of terms: [EnergyTerm]) -> [Double] {
    let share = (memoryShare.lowerBound + memoryShare.upperBound) / 2
    return terms.map { amount(of: $0) * ($0 == .memoryByte ? share : 1) }
  }
}
