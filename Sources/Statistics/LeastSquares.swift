/// What each coefficient of a linear model multiplies, observation by observation.
package struct DesignMatrix: Sendable {
  package let rows: Int
  /// One array per coefficient, each as long as there are rows.
  package let columns: [[Double]]

  package init(rows: Int, columns: Int, element: (_ row: Int, _ column: Int) -> Double) {
    self.rows = rows
    self.columns = (0..<columns).map { column in (0..<rows).map { element($0, column) } }
  }
}

/// The coefficients for which the weighted sum of squared residuals is least, over all values or over those >= 0.
package struct LeastSquares: Sendable {
  package let coefficients: [Double]
  /// (XᵀWX)⁻¹ over all columns: times the residual variance, the covariance of the unconstrained coefficients. Those
  /// held at zero or above are never further off, in the norm of XᵀWX, so for them it is on the safe side.
  package let gramInverse: [[Double]]
  /// Σ w (y − ŷ)².
  package let residualSquares: Double
  /// Observations beyond coefficients, counting those held at zero.
  package let degreesOfFreedom: Int

  package init(
    _ design: DesignMatrix, _ responses: [Double], weights: [Double]? = nil, nonNegative: Bool = false
  ) throws(FitError) {
    let weights = weights ?? Array(repeating: 1, count: design.rows)
    precondition(responses.count == design.rows && weights.count == design.rows, "one response and weight per row")
    guard design.rows >= design.columns.count, !design.columns.isEmpty else {
      throw .tooFewPoints(have: design.rows, need: max(1, design.columns.count))
    }
    guard weights.allSatisfy({ $0 > 0 && $0.isFinite }), responses.allSatisfy(\.isFinite) else { throw .notFinite }

    let roots = weights.map { $0.squareRoot() }
    let weighted = design.columns.map { zip($0, roots).map(*) }
    let target = zip(responses, roots).map(*)
    // Columns of unit length: a rank that does not depend on the unit of x, and gradients that compare.
    let lengths = weighted.map { dot($0, $0).squareRoot() }
    guard lengths.allSatisfy(\.isFinite) else { throw .notFinite }
    guard lengths.allSatisfy({ $0 > 0 }) else { throw .degenerate }
    let columns = zip(weighted, lengths).map { column, length in column.map { $0 / length } }
    guard let factors = HouseholderQR(columns: columns) else { throw .degenerate }

    let scaled = nonNegative ? try nonNegativeSolution(columns: columns, target) : factors.solve(target)
    coefficients = zip(scaled, lengths).map(/)
    gramInverse = zip(factors.gramInverse(), lengths).map { row, own in
      zip(row, lengths).map { $0 / own / $1 }
    }
    let residuals = target.indices.map { row in
      target[row] - columns.indices.reduce(0) { $0 + columns[$1][row] * scaled[$1] }
    }
    residualSquares = dot(residuals, residuals)
    degreesOfFreedom = design.rows - design.columns.count
  }

  /// The variance of an observation of weight 1; nil without an observation to spare.
  package var residualVariance: Double? {
    degreesOfFreedom > 0 ? residualSquares / Double(degreesOfFreedom) : nil
  }
}

package func dot(_ a: some Collection<Double>, _ b: some Collection<Double>) -> Double {
  zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}
