import Analysis
import Foundation
import Quantities
import Records
import Statistics
import TestSupport
import Testing

@Suite struct PriceGoalTests {
  @Test(arguments: [
    ("$/M output ± 3 %", PriceGoal.Figure.token(inputShare: 0), 0.03),
    ("$/M input±0.5%", .token(inputShare: 1), 0.005), ("  $/M   chat +- 3% ", .token(inputShare: 0.67), 0.03),
    ("ratio +/- 10 %", .ratio, 0.1),
  ]) func isReadAsItIsWritten(text: String, figure: PriceGoal.Figure, halfWidth: Double) throws {
    let goal = try #require(PriceGoal(text))
    #expect(goal.figure == figure && abs(goal.halfWidth - halfWidth) < 1e-15)
  }

  @Test(arguments: [
    "", "3 %", "$/M output", "$/M output ± 3", "$/M output ± 0 %", "$/M output ± -3 %", "$/M output ± nan %",
    "$/M output ± 101 %", "output ± 3 %", "$/M output ± 3 % ± 4 %", "€/M output ± 3 %",
  ]) func refusesWhatSaysNoPrice(text: String) { #expect(PriceGoal(text) == nil) }

  /// One window of the campaign's laws, slower by a factor of its own at each place.
  private func window(_ number: Int, spread: Double, _ random: inout SplitMix64) -> [RunRecord] {
    let runs =
      [0, 256, 512, 1024].map { SampleCampaign.decode(context: $0, repetition: 1) }
      + [32, 128, 256, 512].map { SampleCampaign.prefill($0, repetition: 1) }
    return runs.map { run in
      var run = run
      let (u, v) = (1 - random.unit(), random.unit())
      let factor = 1 + spread * (-2 * log(u)).squareRoot() * cos(2 * .pi * v)
      run.samples = run.samples.map {
        Timing(contextTokens: $0.contextTokens, wallSeconds: Seconds($0.wallSeconds.value * factor))
      }
      (run.repetition, run.window) = (number, number)
      return run
    }
  }

  private func results(_ runs: [RunRecord]) -> Results { Results(machine: SampleCampaign.machine, runs: runs) }

  @Test func partsAreOfTheCurvesThatThePriceIsMadeOf() throws {
    var random = SplitMix64(seed: 4)
    let runs = (0..<10).flatMap { window($0, spread: 0.02, &random) }
    func standing(_ text: String) throws -> PriceGoal.Standing {
      try #require(PriceGoal(text)).standing(of: results(runs))
    }
    let output = try standing("$/M output ± 3 %")
    #expect(output.input == nil && output.output?.units == 10)
    // Ten windows have a quantile of 2.2622.
    let variance = try #require(output.output).variance
    #expect(abs(try #require(output.halfWidth) / (2.2622 * variance.squareRoot()) - 1) < 1e-4)
    // Half of a token costs half of its doubt: 9.024 ms a step and 1.26 ms a token of a prompt of 512 by the laws.
    let half = try standing("$/M balanced ± 3 %")
    let parts = try #require(half.input.flatMap { input in half.output.map { (input, $0) } })
    #expect(abs(parts.1.variance / (variance * pow(9.024 / (9.024 + 1.258), 2)) - 1) < 0.05)
    #expect(parts.0.variance < parts.1.variance && parts.0.units == 10)
    let ratio = try standing("ratio ± 3 %")
    #expect(ratio.halfWidth != nil && ratio.input == nil && ratio.output == nil)
    #expect(try !standing("ratio ± 0.01 %").isReached && standing("ratio ± 50 %").isReached)
  }

  @Test func statesOfTheMachineAreNoInterval() throws {
    var random = SplitMix64(seed: 5)
    let runs = (0..<12).flatMap { number in
      window(number, spread: 0.002, &random).map { run in
        var run = run
        run.samples = run.samples.map {
          Timing(
            contextTokens: $0.contextTokens, wallSeconds: Seconds($0.wallSeconds.value * (number < 6 ? 1 : 1.1)))
        }
        return run
      }
    }
    let standing = try #require(PriceGoal("$/M output ± 50 %")).standing(of: results(runs))
    #expect(standing.halfWidth == nil && !standing.isReached)
  }

  /// Stopping as soon as the interval is narrow enough favours narrow ones: it may cost some of the 95 %, and no more than that.
  @Test func intervalsHoldTheTruthThoughTheyEndedTheMeasurement() throws {
    let goal = try #require(PriceGoal("$/M output ± 2.5 %"))
    var (held, stopped, windows) = (0, 0, 0)
    let trials = 150
    for seed in 0..<trials {
      var random = SplitMix64(seed: 1000 + UInt64(seed))
      var runs: [RunRecord] = []
      for number in 0..<30 {
        runs += window(number, spread: 0.06, &random)
        if number + 1 < 8 { continue }
        let standing = goal.standing(of: results(runs))
        guard standing.isReached || number == 29 else { continue }
        stopped += standing.isReached ? 1 : 0
        windows += number + 1
        let sheet = try #require(SummaryBuilder.summary(of: results(runs)).subjects[0].price.sheet)
        let interval = try #require(sheet.secondsPerOutputToken.interval)
        // The law of the campaign, in its repetition without noise, at the context of 512.
        held += interval.contains(0.008 + 2e-6 * 512) ? 1 : 0
        break
      }
    }
    print("intervals that ended a measurement: \(held) of \(trials) held, after \(windows / trials) windows by mean")
    #expect(stopped > trials / 2)
    // 91 % with three standard deviations of 150 trials.
    #expect(Double(held) / Double(trials) > 0.91 - 3 * (0.91 * 0.09 / Double(trials)).squareRoot())
  }
}
