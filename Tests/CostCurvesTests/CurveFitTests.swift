import CostCurves
import Foundation
import Statistics
import TestSupport
import Testing

@Suite struct CurveFitTests {
  static func points(_ pairs: [(Double, Double)]) throws -> [Point] {
    try pairs.map { Point(x: $0.0, sample: try Sample([$0.1])) }
  }

  /// x 0 1 2, y 1 1 2 with no spread known: weights 1/y² = 1 1 ¼. Σw = 9/4, Σwx = 3/2, Σwx² = 2, Σwy = 5/2, Σwxy = 2,
  /// determinant 9/4: a = (5 − 3) / (9/4) = 8/9, b = (9/2 − 15/4) / (9/4) = 1/3. Residuals 1/9 −2/9 4/9: Σwr² = 1/9, one
  /// degree of freedom. Covariance 1/9 · (2 −3/2; −3/2 9/4) / (9/4) = (8/81 −2/27; −2/27 1/9). About the weighted mean 10/9:
  /// Σw(y−ȳ)² = 1/81 + 1/81 + 16/81 = 2/9, R² = 1/2. At x = 1: 11/9, variance (8 − 12 + 9)/81 = 5/81.
  @Test func weightedLineByHand() throws {
    let curve = try Curve.fit(
      try Self.points([(0, 1), (1, 1), (2, 2)]), over: .contextTokens, families: [.affine], nonNegative: false)
    #expect(agree(curve.coefficients, [8.0 / 9, 1.0 / 3]))
    let covariance = try #require(curve.covariance).flatMap(\.self)
    #expect(agree(covariance.map { $0 * 81 }, [8, -6, -6, 9]))
    #expect(agrees(try #require(curve.rSquared), 0.5))
    #expect(curve.degreesOfFreedom == 1 && curve.method == .leastSquaresResiduals)

    let estimate = try curve.predict(at: 1)
    let half = tan(0.475 * .pi) * 5.0.squareRoot() / 9
    let interval = try #require(estimate.interval)
    #expect(agrees(estimate.value, 11.0 / 9))
    #expect(agrees(interval.high / (11.0 / 9 + half), 1))
    #expect(agrees(interval.low / (11.0 / 9 - half), 1))
  }

  /// 9 10 11: quartiles 9½ and 10½, relative spread 0.1. 14 20 26: 17 and 23, 0.3. Typical 0.2. Relative variances
  /// (0.01 + 0.04)/2 and (0.09 + 0.04)/2; weights 1/2.5 and 1/26; constant (10/2.5 + 20/26) / (1/2.5 + 1/26) = 124/11.4.
  @Test func spreadSetsTheWeights() throws {
    let points = [
      Point(x: 0, sample: try Sample([11, 9, 10])), Point(x: 1, sample: try Sample([26, 20, 14])),
    ]
    let curve = try Curve.fit(points, over: .contextTokens, families: [.constant])
    #expect(agrees(curve.coefficients[0], 124 / 11.4))
  }

  @Test(arguments: [(Family.constant, 0, 0), (.affine, 0.01, 0), (.quadratic, 0.01, 1e-4)])
  func exactCostsGiveTheirOwnFamily(family: Family, b: Double, c: Double) throws {
    let curve = try Curve.fit(
      try Self.points([0, 16, 64, 256, 1024].map { ($0, 2 + b * $0 + c * $0 * $0) }), over: .contextTokens)
    #expect(curve.family == family)
    #expect(curve.domain == 0...1024 && curve.pointCount == 5 && curve.runCount == 1)
  }

  /// Three runs that differ by a factor: within a run the points lie exactly on a line, so residuals of a run alone would
  /// promise certainty; between runs the level is 1, 2 or 3. Weighted by 1/y², resampled runs r give the level
  /// Σ(1/r) / Σ(1/r²); at x = 0 the curve must not be surer than those draws are spread.
  @Test func runsAreTheUnits() throws {
    let points = try (1...3).flatMap { run in
      try [0.0, 1, 2, 3].map { x in
        Point(x: x, sample: try Sample([Double(run) * (1 + x)]), run: run)
      }
    }
    let curve = try Curve.fit(points, over: .contextTokens, families: [.affine])
    #expect(curve.method == .leastSquaresRuns && curve.degreesOfFreedom == 2 && curve.runCount == 3)
    // All 27 resamples are equally likely: their variance by enumeration, times 3/2 for the divisor.
    var levels = Moments()
    for a in 1...3 {
      for b in 1...3 {
        for c in 1...3 {
          let inverse = [a, b, c].map { 1 / Double($0) }
          levels.add(inverse.reduce(0, +) / inverse.map { $0 * $0 }.reduce(0, +))
        }
      }
    }
    let variance = try #require(levels.variance) * 26 / 27 * 1.5
    let found = try #require(curve.covariance)[0][0]
    // A variance from 1000 draws of a bounded quantity is good to √(2/1000) and less; four of those.
    let tolerance = 4 * (2.0 / 1000).squareRoot()
    #expect((found / variance - 1).magnitude <= tolerance)
  }

  @Test func runsThatDoNotDetermineTheCurveAloneAreNotUnits() throws {
    let points = try [0.0, 1, 2, 3].map { Point(x: $0, sample: try Sample([1 + $0]), run: Int($0)) }
    let curve = try Curve.fit(points, over: .contextTokens, families: [.affine])
    #expect(curve.method == .leastSquaresResiduals)
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
      (#""degreesOfFreedom":2"#, #""degreesOfFreedom":0"#), (#""domain":[0,3]"#, #""domain":[3,0]"#),
    ] {
      #expect(text.contains(part))
      let broken = Data(text.replacingOccurrences(of: part, with: wrong).utf8)
      #expect(throws: DecodingError.self) { try JSONDecoder().decode(Curve.self, from: broken) }
    }
  }
}
