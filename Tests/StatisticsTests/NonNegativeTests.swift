import Statistics
import TestSupport
import Testing

@Suite struct NonNegativeTests {
  /// 2 1 0 falls by 1 a step; with the slope held at zero the mean 1 is best: Σr² = 1 + 0 + 1.
  @Test func holdsAFallingSlopeAtZero() throws {
    let fit = try LeastSquares(LeastSquaresTests.polynomial([0, 1, 2], columns: 2), [2, 1, 0], nonNegative: true)
    #expect(agrees(fit.coefficients[0], 1))
    #expect(fit.coefficients[1] == 0)
    #expect(agrees(fit.residualSquares, 2))
  }

  @Test func isTheFreeSolutionWhereThatIsPositive() throws {
    let design = LeastSquaresTests.polynomial([0, 1, 2, 3], columns: 2)
    let fit = try LeastSquares(design, [1, 3, 4, 4], nonNegative: true)
    #expect(agree(fit.coefficients, [1.5, 1]))
  }

  @Test func isZeroWhereNothingHelps() throws {
    let fit = try LeastSquares(LeastSquaresTests.polynomial([1, 2, 3], columns: 2), [-1, -2, -3], nonNegative: true)
    #expect(fit.coefficients == [0, 0])
  }

  /// The optimum is a free solution on some subset of the columns, so the best subset with no negative coefficient is it.
  @Test(arguments: 0..<50) func matchesTheBestSubset(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let (rows, columns) = (7, 4)
    let elements = (0..<rows * columns).map { _ in generator.unit() - 0.3 }
    let responses = (0..<rows).map { _ in generator.unit() - 0.3 }
    func fit(_ subset: [Int]) throws -> LeastSquares {
      try LeastSquares(
        DesignMatrix(rows: rows, columns: subset.count) { elements[$0 * columns + subset[$1]] }, responses)
    }
    var best = responses.map { $0 * $0 }.reduce(0, +)
    for mask in 1..<1 << columns {
      let candidate = try fit((0..<columns).filter { mask >> $0 & 1 == 1 })
      if candidate.coefficients.allSatisfy({ $0 >= 0 }) { best = min(best, candidate.residualSquares) }
    }
    let found = try LeastSquares(
      DesignMatrix(rows: rows, columns: columns) { elements[$0 * columns + $1] }, responses, nonNegative: true)
    #expect(found.coefficients.allSatisfy { $0 >= 0 })
    // Both sums have seven terms, each with the rounding of a solution in four unknowns.
    #expect((found.residualSquares - best).magnitude <= Double(rows * columns) * 4 * Double.ulpOfOne * best)
  }
}
