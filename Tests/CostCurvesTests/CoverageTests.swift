import CostCurves
import Foundation
import Statistics
import Testing

/// Synthetic costs of known truth: the intervals must hold it about as often as they say.
@Suite struct CoverageTests {
  private static let places = [0.0, 256, 512, 1024, 2048, 4096]
  private static func decode(_ x: Double) -> Double { 0.02 + 4e-6 * x }

  /// Every run is off by its own factor (relative deviation `between`), every token by its own (`within`, at each place).
  private static func points(
    runs: Int, tokens: Int, between: Double, within: (Double) -> Double, _ generator: inout SplitMix64
  ) throws -> [Point] {
    try (0..<runs).flatMap { run in
      let factor = 1 + between * Normal.quantile(generator.unit())
      return try places.map { x in
        let values = (0..<tokens).map { _ in
          decode(x) * factor * (1 + within(x) * Normal.quantile(generator.unit()))
        }
        return Point(x: x, sample: try Sample(values), run: run)
      }
    }
  }

  /// A count of successes that a true share of 95 % gives, on either side, at least once in a thousand.
  private static func isPlausible(_ covered: Int, of trials: Int) -> Bool {
    let expected = Binomial(trials: trials, probability: 0.95)
    return expected.atMost(covered) > 0.001 && expected.atLeast(covered) > 0.001
  }

  private static func coverage(
    trials: Int, seed: UInt64, points: (inout SplitMix64) throws -> [Point]
  ) throws -> (start: Int, middle: Int, slope: Int) {
    var generator = SplitMix64(seed: seed)
    var held = (start: 0, middle: 0, slope: 0)
    for trial in 0..<trials {
      let curve = try Curve.fit(
        try points(&generator), over: .contextTokens, families: [.affine],
        bootstrap: Bootstrap(replicates: 200, seed: UInt64(trial)))
      if try #require(try curve.predict(at: 0).interval).contains(decode(0)) { held.start += 1 }
      if try #require(try curve.predict(at: 1500).interval).contains(decode(1500)) { held.middle += 1 }
      if try #require(try curve.slope(at: 0).interval).contains(4e-6) { held.slope += 1 }
    }
    return held
  }

  @Test func residualIntervalsHoldTheTruth() throws {
    let held = try Self.coverage(trials: 400, seed: 11) { generator in
      try Self.points(runs: 1, tokens: 16, between: 0, within: { _ in 0.02 }, &generator)
    }
    #expect(Self.isPlausible(held.start, of: 400) && Self.isPlausible(held.middle, of: 400), "\(held)")
    #expect(Self.isPlausible(held.slope, of: 400), "\(held)")
  }

  /// Noise that grows sixfold along the axis. The weights take half of that from the points and half from what is typical,
  /// so intervals meant for 95 % may fall a little short; they must not fall to 90 %.
  @Test func unevenNoiseCostsLittleCoverage() throws {
    let held = try Self.coverage(trials: 400, seed: 12) { generator in
      try Self.points(runs: 1, tokens: 16, between: 0, within: { 0.01 + 0.05 * $0 / 4096 }, &generator)
    }
    let poor = Binomial(trials: 400, probability: 0.9)
    for covered in [held.start, held.middle, held.slope] { #expect(poor.atMost(covered) > 0.001, "\(held)") }
  }

  /// Runs 3 % apart, tokens 2 %.
  private static func fiveRuns(_ generator: inout SplitMix64) throws -> [Point] {
    try points(runs: 5, tokens: 8, between: 0.03, within: { _ in 0.02 }, &generator)
  }

  @Test func runIntervalsHoldTheTruth() throws {
    let held = try Self.coverage(trials: 200, seed: 13) { try Self.fiveRuns(&$0) }
    #expect(Self.isPlausible(held.start, of: 200) && Self.isPlausible(held.middle, of: 200), "\(held)")
    #expect(Self.isPlausible(held.slope, of: 200), "\(held)")
  }

  /// The same points taken for thirty independent ones promise too much.
  @Test func forgettingTheRunsLosesTheTruth() throws {
    let held = try Self.coverage(trials: 200, seed: 13) { generator in
      try Self.fiveRuns(&generator).map { Point(x: $0.x, sample: $0.sample) }
    }
    #expect(!Self.isPlausible(held.middle, of: 200), "\(held)")
  }

  /// A prefill with no quadratic part lies on the edge of what is allowed: the interval may only err on the safe side.
  @Test func nonNegativeIntervalsAreSafeAtTheEdge() throws {
    var generator = SplitMix64(seed: 14)
    var covered = 0
    for _ in 0..<300 {
      let points = try [16.0, 64, 128, 256, 512, 1024].map { x in
        Point(x: x, sample: try Sample([(0.01 + 0.001 * x) * (1 + 0.01 * Normal.quantile(generator.unit()))]))
      }
      let curve = try Curve.fit(points, over: .promptTokens, families: [.quadratic])
      if try #require(try curve.predict(at: 700).interval).contains(0.71) { covered += 1 }
    }
    #expect(Binomial(trials: 300, probability: 0.95).atMost(covered) > 0.001, "\(covered)")
  }

  /// By the rule of one standard error a needless term is the exception and a needed one is found.
  @Test(arguments: [(Family.constant, 0.0, 0.0), (.affine, 0.8, 0), (.quadratic, 0.4, 0.4)])
  func theTrueFamilyIsUsuallyChosen(family: Family, b: Double, c: Double) throws {
    var generator = SplitMix64(seed: 15)
    var chosen = 0
    for _ in 0..<200 {
      let points = try Self.places.map { x in
        let u = x / 4096
        return Point(
          x: x, sample: try Sample([(1 + b * u + c * u * u) * (1 + 0.01 * Normal.quantile(generator.unit()))]))
      }
      if try Curve.fit(points, over: .contextTokens).family == family { chosen += 1 }
    }
    // For the majority to be chance, at an even chance of each fit, is less likely than one in a thousand.
    #expect(Binomial(trials: 200, probability: 0.5).atLeast(chosen) < 0.001, "\(chosen)")
  }
}
