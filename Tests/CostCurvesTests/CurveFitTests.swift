import CostCurves
import Foundation
import Statistics
import TestSupport
import Testing

@Suite struct CurveFitTests {
  static let all = [Family.constant, .affine, .quadratic]

  static func points(_ pairs: [(Int, Double)]) -> [Point] { pairs.map { Point.prompt($0.0, cost: $0.1) } }

  /// x 1 2 3, y 1 1 2 with no spread known: weights 1/y² = 1 1 ¼. Σw = 9/4, Σwx = 15/4, Σwx² = 29/4, Σwy = 5/2, Σwxy = 9/2,
  /// determinant 9/4: a = (145/8 − 135/8) / (9/4) = 5/9, b = (81/8 − 75/8) / (9/4) = 1/3. Residuals 1/9 −2/9 4/9: Σwr² = 1/9, one
  /// degree of freedom, a spread of 1/3. Covariance 1/9 · (29/4 −15/4; −15/4 9/4) / (9/4) = (29 −15; −15 9) / 81.
  /// At x = 2: 11/9, variance (29 − 60 + 36)/81 = 5/81. As paid the sum of 4 is shared out over 8/9 + 11/9 + 14/9 = 11/3.
  @Test func weightedLineByHand() throws {
    let curve = try Curve.fit(
      Self.points([(1, 1), (2, 1), (3, 2)]), kind: .undisturbed, families: [.affine],
      nonNegative: false)
    #expect(agree(curve.coefficients, [5.0 / 9, 1.0 / 3]))
    let covariance = try #require(curve.covariance).flatMap(\.self)
    #expect(agree(covariance.map { $0 * 81 }, [29, -15, -15, 9]))
    #expect(agrees(try #require(curve.residualSpread), 1.0 / 3))
    let paid = try Curve.fit(
      Self.points([(1, 1), (2, 1), (3, 2)]), families: [.affine], nonNegative: false)
    #expect(agree(paid.coefficients, [20.0 / 33, 4.0 / 11]))
    #expect(curve.degreesOfFreedom == 1 && curve.method == .leastSquaresResiduals)

    let estimate = try curve.predict(at: Place(tokens: 2))
    let half = tan(0.475 * .pi) * 5.0.squareRoot() / 9
    let interval = try #require(estimate.interval)
    #expect(agrees(estimate.value, 11.0 / 9))
    #expect(agrees(interval.high / (11.0 / 9 + half), 1))
    #expect(agrees(interval.low / (11.0 / 9 - half), 1))
  }

  /// 9 and 11 at one place, 14 and 26 at the other: weights 1/10² and 1/20², a constant of
  /// (20/100 + 40/400) / (2/100 + 2/400) = 12; as paid it is the mean of all, 15.
  @Test func errorsAreRelativeToThePlace() throws {
    let points = Self.points([(1, 9), (1, 11), (2, 14), (2, 26)])
    let quiet = try Curve.fit(points, kind: .undisturbed, families: [.constant])
    #expect(agrees(quiet.coefficients[0], 12))
    #expect(agrees(try Curve.fit(points, families: [.constant]).coefficients[0], 15))
  }

  @Test(arguments: [(Family.constant, 0, 0), (.affine, 0.01, 0), (.quadratic, 0.01, 1e-4)])
  func exactCostsGiveTheirOwnFamily(family: Family, b: Double, c: Double) throws {
    let curve = try Curve.fit(
      Self.points([1, 16, 64, 256, 1024].map { ($0, 2 + b * Double($0) + c * Double($0 * $0)) }), families: Self.all)
    #expect(curve.family == family)
    #expect(curve.domain.promptTokens == 1...1024 && curve.pointCount == 5 && curve.unitCount == 1)
  }

  /// Three units that differ by a factor of 1, 2 and 3: within a unit the points lie exactly on a line, so residuals of one
  /// alone would promise certainty. Without each the level is 5/2, 2 and 3/2: variance 2/3 · (1/4 + 0 + 1/4) = 1/3.
  @Test func windowsAreTheUnits() throws {
    let points = (1...3).flatMap { unit in
      [1, 2, 3, 4].map { x in Point.prompt(x, cost: Double(unit * x + unit), unit: unit) }
    }
    let curve = try Curve.fit(points, families: [.affine])
    #expect(curve.method == .leastSquaresUnits && curve.degreesOfFreedom == 2 && curve.units == [1, 2, 3])
    #expect(agree(curve.coefficients, [2, 2]))
    #expect(agrees(try #require(curve.covariance)[0][0], 1.0 / 3))
    #expect(curve.warnings.map(\.code) == ["few-units"])
    // What all places share is no scatter among them.
    #expect(try #require(curve.lackOfFit).misfit == 0)
  }

  /// A fourth unit was stopped before the last place. The curve is of the whole ones, and its sum that of all.
  @Test func aUnitThatLacksAPlaceDoesNotBendTheCurve() throws {
    var points = (1...3).flatMap { unit in [1, 2, 3].map { Point.prompt($0, cost: 1 + Double($0), unit: unit) } }
    points += [1, 2].map { Point.prompt($0, cost: 4 * (1 + Double($0)), unit: 4) }
    let curve = try Curve.fit(points, families: [.affine])
    #expect(agrees(curve.coefficients[1] / curve.coefficients[0], 1))
    #expect(agrees(curve.coefficients[0], 47.0 / 32))
    #expect(curve.units == [1, 2, 3] && curve.unitCount == 4)
  }

  /// Each unit at a place of its own: without one the others still tell a line.
  @Test func unitsOfOnePlaceAreUnitsToo() throws {
    let points = [1, 2, 3, 4].map { Point.prompt($0, cost: 1 + Double($0), unit: $0) }
    let curve = try Curve.fit(points, families: [.affine])
    #expect(curve.method == .leastSquaresUnits && curve.lackOfFit == nil)
    let two = try Curve.fit(Array(points.prefix(2)), families: [.affine])
    #expect(two.method == .leastSquaresResiduals && two.covariance == nil)
  }

  /// Costs 1, 2, 1 at three places, ±1 % in two units alike: a constant misses them by far more than they scatter.
  @Test func whatTheFamilyMissesIsSaidAndWidens() throws {
    let points = [0.99, 1.01].enumerated().flatMap { unit, factor in
      [(1, 1.0), (2, 2), (3, 1.001)].map { x, cost in
        Point.prompt(x, cost: cost * factor * (x == 2 ? 1.001 : 1), unit: unit)
      }
    }
    let curve = try Curve.fit(points, families: [.constant])
    let lack = try #require(curve.lackOfFit)
    #expect(lack.probability < 0.01 && lack.misfit > 0.2)
    #expect(curve.warnings.contains { $0.code == "misfit" })
    let half = try #require(try curve.predict(at: Place(tokens: 2)).interval).halfWidth
    #expect(half > lack.misfit)
  }

  @Test func noPointToSpareGivesNoIntervalAndSaysSo() throws {
    let curve = try Curve.fit(Self.points([(1, 1), (2, 3), (3, 6)]), families: [.quadratic])
    let estimate = try curve.predict(at: Place(tokens: 2))
    #expect(estimate.interval == nil)
    #expect(estimate.warnings.map(\.code) == ["no-point-to-spare"])
  }

  @Test(arguments: [[Family.affine], all])
  func aCostThatFallsForCertainIsHeldAndSaid(families: [Family]) throws {
    let falling = Self.points([(1, 5), (2, 4.1), (3, 3), (4, 2.1), (5, 1)])
    let curve = try Curve.fit(falling, families: families)
    #expect(curve.coefficients.dropFirst().allSatisfy { $0 == 0 })
    #expect(curve.warnings.map(\.code) == ["held-at-zero"])
  }

  @Test func refusesHostilePoints() throws {
    #expect(throws: FitError.tooFewPoints(have: 0, need: 1)) { try Curve.fit([], families: Self.all) }
    #expect(throws: FitError.tooFewPoints(have: 1, need: 2)) {
      try Curve.fit(Self.points([(1, 1)]), families: Self.all)
    }
    #expect(throws: FitError.notPositive(at: "2 tokens at context 0")) {
      try Curve.fit(Self.points([(1, 1), (2, 0)]), families: Self.all)
    }
    for families in [Self.all, [.constant]] {
      for rows in [Double.nan, .infinity, 1e300] {
        var points = Self.points([(1, 1), (2, 1), (3, 1), (4, 1)])
        points[3].demand.rows = rows
        #expect(throws: FitError.self) { try Curve.fit(points, families: [.quadratic]) }
        _ = try? Curve.fit(points, families: families)
      }
    }
    #expect(throws: FitError.self) { try Curve.fit(Self.points([(1, 1e-300), (2, 1e300)]), families: [.constant]) }
  }

  @Test func survivesARecordAndRefusesAMisshapenOne() throws {
    let curve = try Curve.fit(
      Self.points([(1, 1), (2, 2.1), (3, 2.9), (4, 4)]), families: [.affine])
    let json = try JSONEncoder().encode(curve)
    #expect(try JSONDecoder().decode(Curve.self, from: json) == curve)
    let text = String(decoding: json, as: UTF8.self)
    for (part, wrong) in [
      (#""terms":["pass","row"]"#, #""terms":["pass","row","pair"]"#),
      (#""terms":["pass","row"]"#, #""terms":["pass","cube"]"#), (#""rivals":[]"#, #""rivals":[{}]"#),
      (#""degreesOfFreedom":2"#, #""degreesOfFreedom":0"#), (#""units":[]"#, #""units":[1]"#),
      (#"[1,4]"#, #"[4,1]"#),
    ] {
      #expect(text.contains(part))
      let broken = Data(text.replacingOccurrences(of: part, with: wrong).utf8)
      #expect(throws: DecodingError.self) { try JSONDecoder().decode(Curve.self, from: broken) }
    }
  }
}
