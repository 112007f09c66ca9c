import CostCurves
import Glibc
import Pricing
import Statistics
import Testing

/// How often the intervals of a scenario hold the truth, over records of a machine of known costs with bursts and drift.
@Suite struct ScenarioCoverageTests {
  /// What windows share: a drift over the record either way, bursts that take a quarter of the windows and half as much again,
  /// and a state of each window's own; all of mean zero, so that the truth is what is paid in the long run.
  private func windowNoise(_ random: inout SplitMix64) -> [Double] {
    let slope = 0.04 * Normal.quantile(random.unit())
    return (0..<8).map { window in
      let burst = random.unit() < 0.25 ? 0.15 : -0.05
      return slope * (Double(window) - 3.5) / 3.5 + burst + 0.05 * Normal.quantile(random.unit())
    }
  }

  @Test func intervalsHoldTheTruth() throws {
    let text = ScenarioFixture.text(
      tasks: #"[ { name: "reply", input_tokens: 1000, output_tokens: 200, cache_hit_share: 0.5 } ]"#,
      plans: """
        [ { name: "list", kind: "per_token", input_dollars_per_million: 0.05, cached_input_dollars_per_million: 0.005,
            output_dollars_per_million: 0.7 } ]
        """, more: "demand: { reference_plan: 'list', elasticity: -1.1 }, draws: 400"
    ).replacing("tasks_per_month: 1e6", with: "tasks_per_month: 1e12")
    let keys = [
      "dollars_per_million_input_tokens", "dollars_per_million_output_tokens", "margin_share",
      "incentive_dollars_fleet_follows", "marginal_dollars_per_task",
    ]
    let truth = try ScenarioFixture.result(text)
    var held = [String: Int]()
    var wrongSigns = 0
    let records = 500
    for record in 0..<records {
      var random = SplitMix64(seed: UInt64(1000 + record))
      let curves = try ScenarioFixture.curves(windowNoise: windowNoise(&random), noise: 0.03, seed: random.next())
      let result = try ScenarioFixture.result(
        text.replacing("draws: 400", with: "draws: 400, seed: \(record)"), [ScenarioFixture.measured(curves)])
      for key in keys {
        let figure = try #require(result.strategies[0].figures[key])
        if figure.low <= truth[0, key] && truth[0, key] <= figure.high { held[key, default: 0] += 1 }
      }
      let incentive = try #require(result.strategies[0].figures["incentive_dollars_fleet_follows"])
      let isPositive = truth[0, "incentive_dollars_fleet_follows"] > 0
      if isPositive ? incentive.high < 0 : incentive.low > 0 { wrongSigns += 1 }
    }
    for key in keys {
      let share = Double(held[key, default: 0]) / Double(records)
      print("\(key): \((share * 1000).rounded() / 10) % of \(records) intervals hold the truth")
      #expect(share >= 0.92 && share <= 0.98, "\(key): \(share)")
    }
    print("the incentive's sign is wrong for certain in \(wrongSigns) of \(records)")
    #expect(wrongSigns <= records / 25)
  }
}
