import Foundation
import Pricing
import Records
import Reporting
import TestSupport
import Testing

/// Rounds of a comparison that goes on until it is decided.
@Suite struct DecisionTests {
  /// Normal deviates of 1.5 %, one process a round and variant.
  private struct Rounds {
    var random: SeededGenerator
    let ratio: Double

    mutating func time() -> Double {
      let (a, b) = (Double.random(in: 0..<1, using: &random), Double.random(in: 0..<1, using: &random))
      return 0.01 * exp(0.015 * (-2 * log(1 - a)).squareRoot() * cos(2 * .pi * b))
    }

    /// The comparison at its end, after at most so many rounds.
    mutating func compare(effect: Double, atMost rounds: Int) throws -> Comparison {
      let tariff = try #require(Tariff.example(processors: 1))
      var sides = [ComparisonSide("old", []), ComparisonSide("new", [])]
      var comparison = Comparison(sides, units: [.tokenTime], tariff: tariff)
      for round in 0..<rounds {
        for side in sides.indices {
          var run = SampleCampaign.decode(context: 0, steps: 1)
          run.samples[0].wallSeconds.value = time() * (side == 1 ? ratio : 1)
          run.process = round
          sides[side].runs.append(ComparedRun(run))
        }
        if round < 5 { continue }
        comparison = Comparison(sides, units: [.tokenTime], tariff: tariff)
        if comparison.isDecided(effect: effect) { break }
      }
      return comparison
    }
  }

  private func codes(ratio: Double, trials: Int, rounds: Int) throws -> [String] {
    try (0..<trials).flatMap { trial in
      var series = Rounds(random: SeededGenerator(seed: UInt64(trial)), ratio: ratio)
      return try series.compare(effect: 0.04, atMost: rounds).findings(effect: 0.04).map(\.code)
    }
  }

  /// 5 % of 120 trials are 6; three standard errors more are 13.
  @Test func stoppingEarlyFindsNoDifferenceWhereThereIsNone() throws {
    let codes = try codes(ratio: 1, trials: 120, rounds: 40)
    #expect(codes.count { $0 == "difference" } <= 13)
    #expect(codes.count { $0 == "no-difference" } > 90)
  }

  @Test func aDifferenceOfTheEffectIsFound() throws {
    let codes = try codes(ratio: 1.04, trials: 60, rounds: 40)
    #expect(codes.count { $0 == "difference" } >= 48)
  }

  @Test func tooFewRoundsDecideNothing() throws {
    var series = Rounds(random: SeededGenerator(seed: 1), ratio: 1)
    let comparison = try series.compare(effect: 0.001, atMost: 6)
    #expect(!comparison.isDecided(effect: 0.001))
    #expect(comparison.findings(effect: 0.001).map(\.code) == ["undecided"])
  }
}
