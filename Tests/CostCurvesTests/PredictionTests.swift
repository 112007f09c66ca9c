import CostCurves
import Statistics
import Testing

@Suite struct PredictionTests {
  private func curve() throws -> Curve {
    try Curve.fit(
      [(100, 11), (200, 20), (300, 31), (400, 40)].map { Point.step(at: $0.0, cost: $0.1) },
      families: [.affineInContext])
  }

  @Test(arguments: [(99, 1.0), (401, 1), (49, 2), (801, 2), (.max, 4), (50, -1), (50, .nan)])
  func abstainsOutside(context: Int, reach: Double) throws {
    let curve = try curve()
    #expect(throws: PredictionError.self) { try curve.predict(at: Place(context: context), reach: reach) }
    #expect(throws: PredictionError.self) { try curve.predict(at: Place(context: 200, sequences: 2), reach: reach) }
  }

  /// From 100 to 400 was measured: a reach of two goes from 50 to 800.
  @Test func aReachIsAllowedAndSaid() throws {
    let curve = try curve()
    for context in [50, 800] {
      #expect(try curve.predict(at: Place(context: context), reach: 2).warnings.map(\.code) == ["extrapolated"])
    }
    #expect(try curve.predict(at: Place(context: 400), reach: 2).warnings.isEmpty)
  }

  /// Exact costs of 1 + c² · 10⁻⁹ at short contexts: a constant foretells them nearly as well, and far away the two differ.
  @Test func rivalsWidenWhereNothingWasMeasured() throws {
    var random = SplitMix64(seed: 3)
    let points = (0..<8).flatMap { unit in
      [1, 100, 200, 300, 400].map { context in
        let u = Double(context) / 400
        return Point.step(at: context, cost: 1 + 0.004 * u * u + 0.03 * random.unit(), unit: unit)
      }
    }
    let curve = try Curve.fit(points, families: Family.decode)
    #expect(!curve.rivals.isEmpty)
    let near = try #require(try curve.predict(at: Place(context: 400)).interval)
    let far = try #require(try curve.predict(at: Place(context: 1600), reach: 4).interval)
    #expect(far.halfWidth > 2 * near.halfWidth)
  }

  @Test func intervalsWidenAwayFromTheMiddle() throws {
    let curve = try curve()
    let widths = try [100, 200, 250].map { try #require(try curve.predict(at: Place(context: $0)).interval).halfWidth }
    #expect(widths[0] > widths[1])
    let higher = try #require(try curve.predict(at: Place(context: 250), level: 0.99).interval)
    #expect(higher.halfWidth > widths[2] && higher.level == 0.99)
  }

  /// Fifty terms each rounded once, and the closed form rounded a few times.
  @Test func sumIsTheSumOfPredictions() throws {
    let curve = try curve()
    let sum = try curve.sum(from: 150, count: 50)
    let each = try (150..<200).map { try curve.predict(at: Place(context: $0)).value }.reduce(0, +)
    #expect((sum.value - each).magnitude <= 50 * sum.value.ulp)
    // The terms share their coefficients: their errors add up, they do not cancel.
    let halves = try (150..<200).map { try #require(try curve.predict(at: Place(context: $0)).interval).halfWidth }
      .reduce(0, +)
    let half = try #require(sum.interval).halfWidth
    #expect(half <= halves * (1 + 50 * Double.ulpOfOne) && half > halves / 50.0.squareRoot())
    #expect(try curve.sum(from: 150, count: 0) == .exact(0))
    #expect(throws: PredictionError.noTokens) { try curve.sum(from: 150, count: -1) }
    #expect(throws: PredictionError.self) { try curve.sum(from: 390, count: 12) }
    #expect(throws: PredictionError.self) { try curve.sum(from: .max, count: .max) }
  }

  @Test func aPositiveCostHasNoNegativeLimit() throws {
    let wild = try Curve.fit(
      CurveFitTests.points([(1, 1), (2, 3), (3, 1)]), families: [.affine])
    #expect(try #require(try wild.predict(at: Place(tokens: 1)).interval).low == 0)
    #expect(try #require(try wild.slope(at: Place(tokens: 1)).interval).low == 0)
  }
}
