import Analysis
import Foundation
import Pricing
import Records
import Reporting
import TestSupport
import Testing

/// Rounds of a comparison that goes on until it is decided.
@Suite struct DecisionTests {
  /// One process a round and variant, as a shared machine gives them: deviates of 1.5 %, of which some are much longer, on top
  /// of a speed that the whole machine has for some rounds.
  private struct Rounds {
    var random: SeededGenerator
    let ratio: Double
    /// How much of the ratio's own state a round hands to the next; 0 for a ratio that has none.
    let persistence: Double
    private var machine = 1.0
    private var state = 0.0

    init(seed: UInt64, ratio: Double, persistence: Double = 0) {
      self.persistence = persistence
      random = SeededGenerator(seed: seed)
      self.ratio = ratio
    }

    private mutating func normal() -> Double {
      let (a, b) = (Double.random(in: 0..<1, using: &random), Double.random(in: 0..<1, using: &random))
      return (-2 * log(1 - a)).squareRoot() * cos(2 * .pi * b)
    }

    private mutating func time() -> Double {
      if Double.random(in: 0..<1, using: &random) < 0.05 { machine = machine == 1 ? 1.25 : 1 }
      let burst = Double.random(in: 0..<1, using: &random) < 0.05 ? 1.3 : 1
      return 0.01 * machine * burst * exp(0.015 * normal())
    }

    /// The comparison at its end, after at most this many rounds.
    mutating func compare(effect: Double, atMost rounds: Int) throws -> Comparison {
      var sides = [ComparisonSide("old", []), ComparisonSide("new", [])]
      var comparison = Comparison(sides, metrics: [.tokenTime])
      for round in 0..<rounds {
        if persistence > 0 {
          state = persistence * state + 0.03 * (1 - persistence * persistence).squareRoot() * normal()
        }
        for side in round.isMultiple(of: 2) ? [0, 1] : [1, 0] {
          var run = SampleCampaign.decode(context: 0, steps: 1)
          run.samples[0].wallSeconds.value = time() * (side == 1 ? ratio * exp(state) : 1)
          run.process = round
          sides[side].observations.append(Observation(run))
        }
        comparison = Comparison(
          sides, metrics: [.tokenTime],
          progress: .init(effect: effect, spent: Double(round + 1) / Double(rounds)))
        if comparison.isDecided(effect: effect) { break }
      }
      return comparison
    }
  }

  private func codes(ratio: Double, trials: Int, rounds: Int, persistence: Double = 0) throws -> [String] {
    try (0..<trials).flatMap { trial in
      var series = Rounds(seed: UInt64(trial), ratio: ratio, persistence: persistence)
      return try series.compare(effect: 0.05, atMost: rounds).findings(effect: 0.05).map(\.code)
    }
  }

  /// 5 % of 200 trials are 10; three standard errors more are 19.
  @Test func stoppingEarlyFindsNoDifferenceWhereThereIsNone() throws {
    let codes = try codes(ratio: 1, trials: 200, rounds: 40)
    #expect(codes.count { $0 == "difference" } <= 19)
    #expect(codes.count { $0 == "no-difference" } > 140)
  }

  /// A ratio that goes through states of its own, each of which nine rounds in ten hand on, passes for a difference in a third of
  /// the trials; with rounds that are spread over twenty times their time, an eighth of a state is left of one to the next.
  @Test func roundsThatAreSpreadFindNoStates() throws {
    let close = try codes(ratio: 1, trials: 200, rounds: 60, persistence: 0.9).count { $0 == "difference" }
    let spread = try codes(ratio: 1, trials: 200, rounds: 60, persistence: pow(0.9, 20)).count { $0 == "difference" }
    #expect(close > 40 && spread <= 19, "\(close) and \(spread) of 200")
  }

  /// Between two groups of processes the machine's two speeds, 25 % apart, would hide it.
  @Test func aDifferenceOfTheEffectIsFound() throws {
    let codes = try codes(ratio: 1.05, trials: 40, rounds: 40)
    #expect(codes.count { $0 == "difference" } >= 34)
  }

  /// It ends when the interval leaves out 1; that of two heaps of processes would be wider than the 25 % between two speeds.
  @Test func theRatioIsThatOfRounds() throws {
    var series = Rounds(seed: 3, ratio: 1.05)
    let comparison = try series.compare(effect: 0.02, atMost: 60)
    let change = try #require(comparison.tables.first?.rows.first?.cells[1]?.change)
    let interval = try #require(change.ratio.interval)
    #expect(interval.contains(1.05) && interval.low > 1 && interval.high < 1.25, "\(interval)")
    #expect(change.isSignificant && Terminal.text(ReportPage(comparison)).contains("signed ranks of rounds"))
  }

  @Test func tooFewRoundsDecideNothing() throws {
    var series = Rounds(seed: 1, ratio: 1)
    let comparison = try series.compare(effect: 0.001, atMost: 6)
    #expect(!comparison.isDecided(effect: 0.001))
    #expect(comparison.findings(effect: 0.001).map(\.code) == ["undecided"])
  }
}
