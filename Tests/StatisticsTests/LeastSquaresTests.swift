import Statistics
import TestSupport
import Testing

@Suite struct LeastSquaresTests {
  static func polynomial(_ xs: [Double], columns: Int) -> DesignMatrix {
    DesignMatrix(rows: xs.count, columns: columns) { row, column in
      (0..<column).reduce(1) { power, _ in power * xs[row] }
    }
  }

  /// x 0 1 2 3, y 1 3 4 4: means 1.5 and 3, Σ(x−x̄)(y−ȳ) = 3 + 0 + 0.5 + 1.5 = 5, Σ(x−x̄)² = 5, so y = 1.5 + x.
  /// Residuals −½ ½ ½ −½: Σr² = 1, s² = 1/2. XᵀX = (4 6; 6 14), determinant 20,
  /// inverse (14 −6; −6 4) / 20.
  @Test func lineThroughFourPoints() throws {
    let fit = try LeastSquares(Self.polynomial([0, 1, 2, 3], columns: 2), [1, 3, 4, 4])
    #expect(agree(fit.coefficients, [1.5, 1]))
    #expect(agrees(try #require(fit.residualVariance), 0.5))
    #expect(agree(fit.gramInverse.flatMap(\.self), [0.7, -0.3, -0.3, 0.2]))
    #expect(fit.degreesOfFreedom == 2)
  }

  /// The weighted mean of 0 (weight 1) and 3 (weight 2) is 2; Σwr² = 4 + 2.
  @Test func weightsCountLikeRepetitions() throws {
    let weighted = try LeastSquares(Self.polynomial([5, 5], columns: 1), [0, 3], weights: [1, 2])
    #expect(agrees(weighted.coefficients[0], 2))
    #expect(agrees(weighted.residualSquares, 6))
    let repeated = try LeastSquares(Self.polynomial([5, 5, 5], columns: 1), [0, 3, 3])
    #expect(agrees(repeated.gramInverse[0][0], weighted.gramInverse[0][0]))
  }

  /// The normal equations of x² beside 1 at x up to 131072 have a condition number near 10²⁰: no digit would be right.
  @Test func keepsItsDigitsOnLongContexts() throws {
    let xs = [0.0, 1024, 8192, 32768, 131_072]
    let ys = xs.map { 0.02 + 3e-6 * $0 + 1e-12 * $0 * $0 }
    let fit = try LeastSquares(Self.polynomial(xs, columns: 3), ys)
    let length = ys.map { $0 * $0 }.reduce(0, +).squareRoot()
    #expect(fit.residualSquares.squareRoot() <= Double(xs.count * 3) * Double.ulpOfOne * length)
  }

  @Test func asManyPointsAsCoefficientsLeaveNoVariance() throws {
    #expect(try LeastSquares(Self.polynomial([0, 1], columns: 2), [1, 2]).residualVariance == nil)
  }

  @Test func refusesWhatHasNoSolution() {
    #expect(throws: FitError.tooFewPoints(have: 1, need: 2)) {
      try LeastSquares(Self.polynomial([0], columns: 2), [1])
    }
    #expect(throws: FitError.degenerate) { try LeastSquares(Self.polynomial([7, 7, 7], columns: 2), [1, 2, 3]) }
    #expect(throws: FitError.degenerate) { try LeastSquares(Self.polynomial([0, 1, 1], columns: 3), [1, 2, 3]) }
    #expect(throws: FitError.notFinite) { try LeastSquares(Self.polynomial([0, .nan], columns: 2), [1, 2]) }
    #expect(throws: FitError.notFinite) { try LeastSquares(Self.polynomial([0, 1], columns: 2), [1, .infinity]) }
    #expect(throws: FitError.notFinite) {
      try LeastSquares(Self.polynomial([0, 1], columns: 2), [1, 2], weights: [1, 0])
    }
  }
}
