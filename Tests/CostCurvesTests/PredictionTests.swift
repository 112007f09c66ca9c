import CostCurves
import Statistics
import Testing

@Suite struct PredictionTests {
  private func curve() throws -> Curve {
    try Curve.fit(
      try CurveFitTests.points([(100, 11), (200, 20), (300, 31), (400, 40)]), over: .contextTokens, families: [.affine])
  }

  @Test(arguments: [(99.0, 0.0), (401, 0), (69, 0.1), (431, 0.1), (.nan, 1), (.infinity, 1), (50, -1)])
  func abstainsOutside(x: Double, margin: Double) throws {
    let curve = try curve()
    #expect(throws: PredictionError.self) { try curve.predict(at: x, margin: margin) }
    #expect(throws: PredictionError.self) { try curve.slope(at: x, margin: margin) }
  }

  /// The domain is 300 wide: a margin of 0.1 reaches from 70 to 430.
  @Test func aMarginIsAllowedAndSaid() throws {
    let curve = try curve()
    for x in [70.0, 430] {
      #expect(try curve.predict(at: x, margin: 0.1).warnings.map(\.code) == ["extrapolated"])
    }
    #expect(try curve.predict(at: 400, margin: 0.1).warnings.isEmpty)
  }

  @Test func intervalsWidenAwayFromTheMiddle() throws {
    let curve = try curve()
    let widths = try [100.0, 200, 250].map { try #require(try curve.predict(at: $0).interval).halfWidth }
    #expect(widths[0] > widths[1])
    let higher = try #require(try curve.predict(at: 250, level: 0.99).interval)
    #expect(higher.halfWidth > widths[2] && higher.level == 0.99)
  }

  /// Fifty terms each rounded once, and the closed form rounded a few times.
  @Test func sumIsTheSumOfPredictions() throws {
    let curve = try curve()
    let sum = try curve.sum(from: 150, count: 50)
    let each = try (150..<200).map { try curve.predict(at: Double($0)).value }.reduce(0, +)
    #expect((sum.value - each).magnitude <= 50 * sum.value.ulp)
    // The terms share their coefficients: their errors add up, they do not cancel.
    let halves = try (150..<200).map { try #require(try curve.predict(at: Double($0)).interval).halfWidth }.reduce(0, +)
    let half = try #require(sum.interval).halfWidth
    #expect(half <= halves * (1 + 50 * Double.ulpOfOne) && half > halves / 50.0.squareRoot())
    #expect(try curve.sum(from: 150, count: 0) == .exact(0))
    #expect(throws: PredictionError.noTokens) { try curve.sum(from: 150, count: -1) }
    #expect(throws: PredictionError.self) { try curve.sum(from: 390, count: 12) }
    #expect(throws: PredictionError.self) { try curve.sum(from: .max, count: .max) }
  }

  @Test func aPositiveCostHasNoNegativeLimit() throws {
    let wild = try Curve.fit(
      try CurveFitTests.points([(1, 1), (2, 3), (3, 1)]), over: .contextTokens, families: [.affine])
    #expect(try #require(try wild.predict(at: 1).interval).low == 0)
    #expect(try #require(try wild.slope(at: 1).interval).low == 0)
  }
}
