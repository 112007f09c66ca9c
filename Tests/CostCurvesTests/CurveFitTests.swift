import CostCurves
import Foundation
import Statistics
import TestSupport
import Testing

@Suite struct CurveFitTests {
  static func points(_ pairs: [(Double, Double)]) throws -> [Point] { pairs.map { Point(x: $0.0, cost: $0.1) } }

  /// x 0 1 2, y 1 1 2 with no spread known: weights 1/y² = 1 1 ¼. Σw = 9/4, Σwx = 3/2, Σwx² = 2, Σwy = 5/2, Σwxy = 2,
  /// determinant 9/4: a = (5 − 3) / (9/4) = 8/9, b = (9/2 − 15/4) / (9/4) = 1/3. Residuals 1/9 −2/9 4/9: Σwr² = 1/9, one
  /// degree of freedom, a spread of 1/3. Covariance 1/9 · (2 −3/2; −3/2 9/4) / (9/4) = (8/81 −2/27; −2/27 1/9).
  /// At x = 1: 11/9, variance (8 − 12 + 9)/81 = 5/81. As paid the sum of 4 is shared out over 8/9 + 11/9 + 14/9 = 11/3.
  @Test func weightedLineByHand() throws {
    let curve = try Curve.fit(
      try Self.points([(0, 1), (1, 1), (2, 2)]), over: .contextTokens, kind: .undisturbed, families: [.affine],
      nonNegative: false)
    #expect(agree(curve.coefficients, [8.0 / 9, 1.0 / 3]))
    let covariance = try #require(curve.covariance).flatMap(\.self)
    #expect(agree(covariance.map { $0 * 81 }, [8, -6, -6, 9]))
    #expect(agrees(try #require(curve.residualSpread), 1.0 / 3))
    let paid = try Curve.fit(
      try Self.points([(0, 1), (1, 1), (2, 2)]), over: .contextTokens, families: [.affine], nonNegative: false)
    #expect(agree(paid.coefficients, [32.0 / 33, 4.0 / 11]))
    #expect(curve.degreesOfFreedom == 1 && curve.method == .leastSquaresResiduals)

    let estimate = try curve.predict(at: 1)
    let half = tan(0.475 * .pi) * 5.0.squareRoot() / 9
    let interval = try #require(estimate.interval)
    #expect(agrees(estimate.value, 11.0 / 9))
    #expect(agrees(interval.high / (11.0 / 9 + half), 1))
    #expect(agrees(interval.low / (11.0 / 9 - half), 1))
  }

  /// 9 and 11 at one place, 14 and 26 at the other: weights 1/10² and 1/20², a constant of
  /// (20/100 + 40/400) / (2/100 + 2/400) = 12; as paid it is the mean of all, 15.
  @Test func errorsAreRelativeToThePlace() throws {
    let points = try Self.points([(0, 9), (0, 11), (1, 14), (1, 26)])
    let quiet = try Curve.fit(points, over: .contextTokens, kind: .undisturbed, families: [.constant])
    #expect(agrees(quiet.coefficients[0], 12))
    #expect(agrees(try Curve.fit(points, over: .contextTokens, families: [.constant]).coefficients[0], 15))
  }

  @Test(arguments: [(Family.constant, 0, 0), (.affine, 0.01, 0), (.quadratic, 0.01, 1e-4)])
  func exactCostsGiveTheirOwnFamily(family: Family, b: Double, c: Double) throws {
    let curve = try Curve.fit(
      try Self.points([0, 16, 64, 256, 1024].map { ($0, 2 + b * $0 + c * $0 * $0) }), over: .contextTokens)
    #expect(curve.family == family)
    #expect(curve.domain == 0...1024 && curve.pointCount == 5 && curve.unitCount == 1)
  }

  /// Three units that differ by a factor of 1, 2 and 3: within a unit the points lie exactly on a line, so residuals of one
  /// alone would promise certainty. Without each the level is 5/2, 2 and 3/2: variance 2/3 · (1/4 + 0 + 1/4) = 1/3.
  @Test func windowsAreTheUnits() throws {
    let points = (1...3).flatMap { unit in
      [0.0, 1, 2, 3].map { x in Point(x: x, cost: Double(unit) * (1 + x), unit: unit) }
    }
    let curve = try Curve.fit(points, over: .contextTokens, families: [.affine])
    #expect(curve.method == .leastSquaresUnits && curve.degreesOfFreedom == 2 && curve.units == [1, 2, 3])
    #expect(agree(curve.coefficients, [2, 2]))
    #expect(agrees(try #require(curve.covariance)[0][0], 1.0 / 3))
    #expect(curve.warnings.map(\.code) == ["few-units"])
    // What all places share is no scatter among them.
    #expect(try #require(curve.lackOfFit).misfit == 0)
  }

  /// A fourth unit was stopped before the last place. The curve is of the whole ones, and its sum that of all.
  @Test func aUnitThatLacksAPlaceDoesNotBendTheCurve() throws {
    var points = (1...3).flatMap { unit in [0.0, 1, 2].map { Point(x: $0, cost: 1 + $0, unit: unit) } }
    points += [0.0, 1].map { Point(x: $0, cost: 4 * (1 + $0), unit: 4) }
    let curve = try Curve.fit(points, over: .contextTokens, families: [.affine])
    #expect(agrees(curve.coefficients[1] / curve.coefficients[0], 1))
    #expect(agrees(curve.coefficients[0], 30.0 / 21))
    #expect(curve.units == [1, 2, 3] && curve.unitCount == 4)
  }

  /// Each unit at a place of its own: without one the others still tell a line.
  @Test func unitsOfOnePlaceAreUnitsToo() throws {
    let points = [0.0, 1, 2, 3].map { Point(x: $0, cost: 1 + $0, unit: Int($0)) }
    let curve = try Curve.fit(points, over: .contextTokens, families: [.affine])
    #expect(curve.method == .leastSquaresUnits && curve.lackOfFit == nil)
    let two = try Curve.fit(Array(points.prefix(2)), over: .contextTokens, families: [.affine])
    #expect(two.method == .leastSquaresResiduals && two.covariance == nil)
  }

  /// Costs 1, 2, 1 at three places, ±1 % in two units alike: a constant misses them by far more than they scatter.
  @Test func whatTheFamilyMissesIsSaidAndWidens() throws {
    let points = [0.99, 1.01].enumerated().flatMap { unit, factor in
      [(0.0, 1.0), (1, 2), (2, 1.001)].map { x, cost in
        Point(x: x, cost: cost * factor * (x == 1 ? 1.001 : 1), unit: unit)
      }
    }
    let curve = try Curve.fit(points, over: .contextTokens, families: [.constant])
    let lack = try #require(curve.lackOfFit)
    #expect(lack.probability < 0.01 && lack.misfit > 0.2)
    #expect(curve.warnings.contains { $0.code == "misfit" })
    let half = try #require(try curve.predict(at: 1).interval).halfWidth
    #expect(half > lack.misfit)
  }

  @Test func noPointToSpareGivesNoIntervalAndSaysSo() throws {
    let curve = try Curve.fit(try Self.points([(1, 1), (2, 3), (3, 6)]), over: .promptTokens, families: [.quadratic])
    let estimate = try curve.predict(at: 2)
    #expect(estimate.interval == nil)
    #expect(estimate.warnings.map(\.code) == ["no-point-to-spare"])
  }

  @Test(arguments: [[Family.affine], Family.allCases])
  func aCostThatFallsForCertainIsHeldAndSaid(families: [Family]) throws {
    let falling = try Self.points([(0, 5), (1, 4.1), (2, 3), (3, 2.1), (4, 1)])
    let curve = try Curve.fit(falling, over: .contextTokens, families: families)
    #expect(curve.coefficients.dropFirst().allSatisfy { $0 == 0 })
    #expect(curve.warnings.map(\.code) == ["held-at-zero"])
  }

  @Test func refusesHostilePoints() throws {
    #expect(throws: FitError.tooFewPoints(have: 0, need: 1)) { try Curve.fit([], over: .contextTokens) }
    #expect(throws: FitError.tooFewPoints(have: 1, need: 2)) {
      try Curve.fit(try Self.points([(0, 1)]), over: .contextTokens)
    }
    #expect(throws: FitError.notPositive(at: 1)) {
      try Curve.fit(try Self.points([(0, 1), (1, 0)]), over: .contextTokens)
    }
    for families in [Family.allCases, [.constant]] {
      for x in [Double.nan, .infinity, 1e300] {
        #expect(throws: FitError.self) {
          try Curve.fit(
            try Self.points([(0, 1), (1, 1), (2, 1), (x, 1)]), over: .contextTokens, families: [.quadratic])
        }
        _ = try? Curve.fit(try Self.points([(0, 1), (x, 1)]), over: .contextTokens, families: families)
      }
    }
    #expect(throws: FitError.self) {
      try Curve.fit(try Self.points([(0, 1e-300), (1, 1e300)]), over: .contextTokens, families: [.constant])
    }
  }

  @Test func survivesARecordAndRefusesAMisshapenOne() throws {
    let curve = try Curve.fit(
      try Self.points([(0, 1), (1, 2.1), (2, 2.9), (3, 4)]), over: .contextTokens, families: [.affine])
    let json = try JSONEncoder().encode(curve)
    #expect(try JSONDecoder().decode(Curve.self, from: json) == curve)
    let text = String(decoding: json, as: UTF8.self)
    for (part, wrong) in [
      (#""family":"affine""#, #""family":"quadratic""#), (#""family":"affine""#, #""family":"cubic""#),
      (#""degreesOfFreedom":2"#, #""degreesOfFreedom":0"#), (#""units":[]"#, #""units":[1]"#),
      (#""domain":[0,3]"#, #""domain":[3,0]"#),
    ] {
      #expect(text.contains(part))
      let broken = Data(text.replacingOccurrences(of: part, with: wrong).utf8)
      #expect(throws: DecodingError.self) { try JSONDecoder().decode(Curve.self, from: broken) }
    }
  }
}
