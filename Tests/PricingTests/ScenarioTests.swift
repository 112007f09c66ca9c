import CostCurves
import Glibc
import Pricing
import Statistics
import Testing

/// Strategies against figures by hand, from curves that are the truth.
@Suite struct ScenarioTests {
  private let truth = ScenarioFixture.Truth()

  private func agrees(_ a: Double, _ b: Double, _ tolerance: Double = 1e-7) -> Bool {
    (a - b).magnitude <= tolerance * max(a.magnitude, b.magnitude)
  }

  private func secondsOf(prompt: Int, cached: Int = 0, output: Int) -> (input: Double, cached: Double, output: Double) {
    let growth = Growth()
    let fresh = truth.prefill(growth.demand(of: Place(tokens: prompt - cached)))
    let whole = truth.prefill(growth.demand(of: Place(tokens: prompt - cached, context: cached)))
    let steps = truth.step(growth.steps(from: prompt, count: output - 1))
    return (fresh, whole - fresh, steps)
  }

  /// One task, 10⁶ a month on hosts at $0.36, a ten-thousandth of a dollar a second, half busy at most.
  @Test func countsAMonth() throws {
    let result = try ScenarioFixture.result(ScenarioFixture.text())
    let seconds = secondsOf(prompt: 1000, output: 100)
    let each = seconds.input + seconds.output
    let hosts = (each * 1e6 / 3600 / 730 / 0.5).rounded(.up)
    #expect(agrees(result[0, "revenue_dollars"], 1e6 * (1000 * 1 + 100 * 5) / 1e6))
    #expect(result[0, "hosts"] == hosts)
    #expect(agrees(result[0, "cost_dollars"], hosts * 730 * 0.36))
    #expect(agrees(result[0, "busy_share"], each * 1e6 / 3600 / 730 / hosts))
    #expect(agrees(result[0, "marginal_dollars_per_task"], each * 1e-4 / 0.5))
    #expect(result[0, "marginal_dollars_per_task_fleet_as_it_is"] == 0)
    // Phases sum to the hour: what tokens cost is what is paid.
    let paid =
      result[0, "dollars_per_million_input_tokens"] * 1000 + result[0, "dollars_per_million_output_tokens"] * 100
    #expect(agrees(paid, result[0, "cost_dollars"], 1e-9))
    #expect(agrees(result[0, "joules_per_task"], 20 * seconds.input + 10 * seconds.output))
  }

  @Test func cachedTokensCostWhatTheyAdd() throws {
    let text = ScenarioFixture.text(
      tasks: #"[ { name: "reply", input_tokens: 1000, output_tokens: 100, cache_hit_share: 0.5 } ]"#)
    let result = try ScenarioFixture.result(text)
    let seconds = secondsOf(prompt: 1000, cached: 500, output: 100)
    let ratio =
      result[0, "dollars_per_million_cached_tokens"] / result[0, "dollars_per_million_input_tokens"]
    #expect(agrees(ratio, seconds.cached / seconds.input))
    #expect(agrees(result[0, "revenue_dollars"], 500 * 1 + 500 * 0.1 + 100 * 5))
  }

  /// On a fixed fleet batching changes the busy share, not what is paid; beyond the fleet, tasks are lost and counted.
  @Test func fixedFleets() throws {
    let fleet = #"{ mode: "fixed", hosts: 1, most_busy_share: 0.5 }"#
    let strategies = #"[ { name: "one", plan: "list" }, { name: "four", plan: "list", levers: { sequences: 4 } } ]"#
    let result = try ScenarioFixture.result(ScenarioFixture.text(fleet: fleet, strategies: strategies))
    #expect(result[0, "cost_dollars"] == result[1, "cost_dollars"])
    let each = secondsOf(prompt: 1000, output: 100)
    let capacity = 730 * 3600 * 0.5 / (each.input + each.output)
    #expect(agrees(result[0, "tasks_served"], min(1e6, capacity)))
    #expect(agrees(result[0, "tasks_served"] + result[0, "tasks_lost"], 1e6))
    #expect(result[1, "tasks_served"] >= result[0, "tasks_served"])
  }

  /// An answer of words that are sold above their cost earns more the longer it is, one that is paid by the task less.
  @Test func incentives() throws {
    let strategies = #"[ { name: "tokens", plan: "list" }, { name: "task", plan: "task" } ]"#
    let result = try ScenarioFixture.result(ScenarioFixture.text(strategies: strategies))
    // d/d ln o of o (p − c): 100 tokens of 10⁶ tasks at $5 a million, less a step and what the context adds.
    let step = truth.step(Growth().steps(from: 1049, count: 1))
    let word = 5e-6 - step * 1e-4 / 0.5
    #expect(agrees(result[0, "incentive_dollars_fleet_follows"], 1e6 * 100 * word, 0.01))
    #expect(agrees(result[0, "incentive_dollars_fleet_as_it_is"], 1e6 * 100 * 5e-6, 0.01))
    #expect(result[1, "incentive_dollars_fleet_follows"] < 0)
    #expect(result[1, "incentive_dollars_fleet_as_it_is"] == 0)
  }

  /// With an elasticity of its own the sign of the incentive is that of the distance to where it changes.
  @Test(arguments: [-0.5, -0.8, -1.1, -2.0]) func signChangesWhereItSays(_ elasticity: Double) throws {
    let result = try ScenarioFixture.result(
      ScenarioFixture.text(more: "demand: { reference_plan: \"list\", elasticity: \(elasticity) }"))
    let flip = result[0, "elasticity_at_which_the_incentive_changes_sign"]
    #expect(flip < 0)
    #expect((result[0, "incentive_dollars_fleet_follows"] > 0) == (elasticity > flip))
    // The formula of the first order, at this mix.
    let seconds = secondsOf(prompt: 1000, output: 100)
    let cost = (seconds.input + seconds.output) * 1e-4 / 0.5
    let step = truth.step(Growth().steps(from: 1049, count: 1)) * 1e-4 / 0.5
    let price = 1e-3 + 100 * 5e-6
    #expect(agrees(flip, -(5e-6 - step) * price / ((price - cost) * 5e-6), 0.02))
  }

  @Test func priceMovesDemand() throws {
    let strategies = #"[ { name: "a", plan: "list" }, { name: "b", plan: "list", levers: { price_factor: 0.8 } } ]"#
    let result = try ScenarioFixture.result(
      ScenarioFixture.text(
        strategies: strategies, more: "demand: { reference_plan: \"list\", elasticity: -1.5 }"))
    #expect(agrees(result[1, "tasks_served"], 1e6 * pow(0.8, -1.5)))
    #expect(agrees(result[0, "tasks_served"], 1e6))
  }

  @Test func attemptsThatFailArePaidFor() throws {
    let tasks = """
      [ { name: "reply", input_tokens: 1000, output_tokens: 100, success_probability: 0.5, most_attempts: 2,
          failed_cost_factor: 3 } ]
      """
    let result = try ScenarioFixture.result(ScenarioFixture.text(tasks: tasks))
    let plain = try ScenarioFixture.result(ScenarioFixture.text())
    // 0.75 succeed and 0.75 attempts fail, each of which takes three.
    #expect(agrees(result[0, "success_share"], 0.75))
    #expect(agrees(result[0, "marginal_dollars_per_task"], 3 * plain[0, "marginal_dollars_per_task"]))
    #expect(agrees(result[0, "marginal_dollars_per_successful_task"], 4 * plain[0, "marginal_dollars_per_task"]))
  }

  /// The mean of a lognormal, by its closed form, is what distributions are counted by.
  @Test func distributionsAreNotTheirMean() throws {
    let tasks = #"[ { name: "reply", input_tokens: { median: 400, p90: 1000 }, output_tokens: 1 } ]"#
    let result = try ScenarioFixture.result(ScenarioFixture.text(tasks: tasks))
    let sigma = log(2.5) / 1.2815515655446
    let mean = 400 * exp(sigma * sigma / 2)
    #expect(agrees(result[0, "revenue_dollars"], mean * 1 + 5, 2e-3))
    // E[n²] of a lognormal is its median squared times e^(2σ²).
    let pairs = (400 * 400 * exp(2 * sigma * sigma) + mean) / 2
    let seconds = truth.prefillPass + truth.prefillRow * mean + truth.pair * pairs
    #expect(agrees(result[0, "marginal_dollars_per_task"], seconds * 2e-4, 5e-3))
  }

  @Test func limits() throws {
    func result(_ tasks: String, perMonth: String = "1e6") throws -> ScenarioResult {
      try ScenarioFixture.result(
        ScenarioFixture.text(tasks: tasks).replacing("tasks_per_month: 1e6", with: "tasks_per_month: \(perMonth)"))
    }
    // One choice: a prefill and no step.
    let choice = try result(#"[ { name: "a", input_tokens: 512, output_tokens: 1 } ]"#)
    #expect(agrees(choice[0, "marginal_dollars_per_task"], secondsOf(prompt: 512, output: 1).input * 2e-4))
    let none = try result(#"[ { name: "a", input_tokens: 512, output_tokens: 0 } ]"#)
    #expect(none.strategies[0].figures["dollars_per_million_output_tokens"] == nil)
    #expect(none.strategies[0].absent["dollars_per_million_output_tokens"] == "there is no output")
    #expect(agrees(none[0, "revenue_dollars"], 512))
    // A full cache still reads one token.
    let full = try result(#"[ { name: "a", input_tokens: 512, output_tokens: 2, cache_hit_share: 1 } ]"#)
    #expect(agrees(full[0, "revenue_dollars"], 511 * 0.1 + 1 + 2 * 5))
    let nobody = try result(#"[ { name: "a", input_tokens: 512, output_tokens: 10 } ]"#, perMonth: "0")
    #expect(nobody[0, "hosts"] == 0 && nobody[0, "cost_dollars"] == 0 && nobody[0, "profit_dollars"] == 0)
    #expect(nobody.strategies[0].absent["average_dollars_per_task"] != nil)
    let one = try result(#"[ { name: "a", input_tokens: 512, output_tokens: 10 } ]"#, perMonth: "1")
    #expect(one[0, "hosts"] == 1)
    let idle = try ScenarioFixture.result(
      ScenarioFixture.text(fleet: #"{ mode: "elastic", most_busy_share: 1e-6 }"#))
    #expect(idle[0, "marginal_dollars_per_task"].isFinite && idle[0, "cost_dollars"].isFinite)
  }

  @Test func whatWasNotMeasuredIsRefused() throws {
    func reason(_ text: String, isDeep: Bool = true) -> String {
      do {
        _ = try ScenarioFixture.result(
          text, [ScenarioFixture.measured(try ScenarioFixture.curves(isDeep: isDeep))])
        return "answered"
      } catch { return "\(error)" }
    }
    let cached = ScenarioFixture.text(
      tasks: #"[ { name: "a", input_tokens: 1000, output_tokens: 10, cache_hit_share: 0.5 } ]"#)
    #expect(reason(cached) == "answered")
    #expect(reason(cached, isDeep: false).contains("asks for cached prompts"))
    let long = ScenarioFixture.text(tasks: #"[ { name: "a", input_tokens: 20000, output_tokens: 10 } ]"#)
    #expect(reason(long).contains("100.0 % of the tasks"))
    #expect(reason(long).contains("measure 20000 0"))
    for outside in ["extrapolate", "clip"] {
      #expect(reason(long.replacing("schema_version", with: "outside: \"\(outside)\", schema_version")) == "answered")
    }
    let many = ScenarioFixture.text(strategies: #"[ { name: "a", plan: "list", levers: { sequences: 3 } } ]"#)
    #expect(reason(many).contains("are of 1, 2, 4, 8"))
    let quick = ScenarioFixture.text(more: "latency: { time_per_output_token_ms_p95: 1 }")
    #expect(reason(quick).contains("p95 of an output token is 4.0 ms"))
  }

  /// Of the sequences that meet the latency the cheapest are taken.
  @Test func latencyChoosesTheBatch() throws {
    for (limit, sequences) in [(5, 1), (9, 2), (17, 4), (100, 8)] {
      let text = ScenarioFixture.text(
        fleet: #"{ mode: "elastic", sequences: "cheapest" }"#,
        more: "latency: { time_per_output_token_ms_p95: \(limit) }")
      let result = try ScenarioFixture.result(text)
      #expect(result.strategies[0].sequences == sequences)
      #expect(result.operatingPoints.map(\.sequences) == [1, 2, 4, 8])
      #expect(result.operatingPoints.filter(\.meetsLatency).map(\.sequences).last == sequences)
      #expect(result.operatingPoints.filter(\.isTaken).map(\.sequences) == [sequences])
    }
  }

  @Test func logsAreTasks() throws {
    let tasks = """
      [ { name: "logged", input_tokens: { column: "gen_ai.usage.input_tokens" },
          output_tokens: { column: "gen_ai.usage.output_tokens" } } ]
      """
    var text = ScenarioFixture.text(tasks: tasks).replacing("tasks_per_month: 1e6,", with: "log: \"log.csv\",")
    text = text.replacing("elastic", with: "elastic")
    let columns: Set<String> = ["gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens"]
    let table = "time,gen_ai.usage.input_tokens,gen_ai.usage.output_tokens\n1,100,10\n2,\"300\",30\r\n"
    let rows = """
      {"time": 1, "attributes": {"gen_ai.usage.input_tokens": 100, "gen_ai.usage.output_tokens": 10}}
      {"gen_ai.usage.input_tokens": 300, "gen_ai.usage.output_tokens": 30}
      """
    for log in [table, "\u{FEFF}" + table, rows] {
      let read = try TaskLog(Array(log.utf8), columns: columns)
      let result = try ScenarioFixture.result(text, log: read)
      #expect(agrees(result[0, "revenue_dollars"], (400 + 40 * 5) / 1e6))
      #expect(result[0, "tasks_served"] == 2)
    }
    for (log, word) in [
      ("", "empty"), ("a,b\n1,2\n", "is no column"), ("\(columns.sorted().joined(separator: ","))\n1\n", "fields"),
      ("\(columns.sorted().joined(separator: ","))\n1,-2\n", "whole number"), ("{}\n", "missing in this row"),
      ("{\"gen_ai.usage.input_tokens\": 1.5}\n", "whole number"), ("{\"a\": \n", "line 1"),
    ] {
      let error = #expect(throws: ScenarioError.self) { try TaskLog(Array(log.utf8), columns: columns) }
      #expect("\(try #require(error))".contains(word), "\(log)")
    }
  }

  @Test func canonicalFilesAreFixedPoints() throws {
    let text = ScenarioFixture.text(
      host: """
        { owned: { capex_dollars: { value: 30000, low: 2e4, high: 4e4, kind: "example", date: "2026" }, life_years: 5,
            discount_rate: 0.08, dollars_per_kwh: 0.1, idle_watts: 10, busy_watts: 20 } }
        """,
      tasks: """
        [ { name: "a", share: 0.5, input_tokens: { median: 100, p90: 200 }, output_tokens: { values: [1, 2], shares: [0.5, 0.5] },
            turns: 3, added_tokens_per_turn: 5 }, { name: "b", share: 0.5, input_tokens: 1, output_tokens: 1 } ]
        """,
      more:
        "demand: { reference_plan: 'list', elasticity: { value: -1, low: -2, high: 0 } }, latency: { time_to_first_token_ms_p95: 10 }"
    )
    let canonical = try Scenario(json5: Array(text.utf8)).canonical
    #expect(try Scenario(json5: Array(canonical.utf8)).canonical == canonical)
    #expect(canonical.contains("\"most_attempts\": 1"))
  }

  @Test func subscriptionsMakeTheirOwnTasks() throws {
    let plans = """
      [ { name: "flat", kind: "subscription", dollars_per_month: 2, users: 1000, tasks_per_user_and_month: 100,
          cap: { tasks: 60 }, overage: { dollars_per_task: 0.01, take_up: 0.5 } } ]
      """
    let text = ScenarioFixture.text(plans: plans, strategies: #"[ { name: "flat", plan: "flat" } ]"#)
      .replacing("tasks_per_month: 1e6,", with: "")
    let result = try ScenarioFixture.result(text)
    #expect(agrees(result[0, "tasks_served"], 1000 * (60 + 0.5 * 40)))
    #expect(agrees(result[0, "revenue_dollars"], 1000 * (2 + 0.01 * 20)))
    #expect(agrees(result[0, "customer_dollars_per_successful_task"], 2.2 / 80))
  }

  @Test func examplesAreCalledSo() throws {
    let text = ScenarioFixture.text(
      host: #"{ rented: { dollars_per_hour: { value: 0.36, low: 0.3, high: 0.5, kind: "example" } } }"#)
    let result = try ScenarioFixture.result(text)
    let figures = result.strategies[0].figures
    #expect(figures["cost_dollars"]?.restsOnExample == true)
    #expect(figures["revenue_dollars"]?.restsOnExample == false)
    #expect(result.inputs.example == 1)
    #expect(result.strategies[0].tornado.first?.input == "host.rented.dollars_per_hour")
  }

  /// Of two records the slower one is dominated unless it loses less.
  @Test(arguments: [(2.0, true), (1.0, false)]) func qualityIsSetAgainstCost(_ loss: Double, _ isDominated: Bool) throws
  {
    var slow = ScenarioFixture.Truth()
    slow.stepPass *= 3
    slow.prefillRow *= 3
    let text = ScenarioFixture.text().replacing(
      "records: [ { name: \"base\", directory: \"nowhere\" } ]",
      with: """
        records: [ { name: "base", directory: "nowhere", loss: 1.5 }, { name: "slow", directory: "nowhere", loss: \(loss) } ]
        """)
    let records = [
      ScenarioFixture.measured(try ScenarioFixture.curves()),
      ScenarioFixture.measured(try ScenarioFixture.curves(slow), name: "slow"),
    ]
    let result = try ScenarioFixture.result(text, records)
    #expect(result.quality.map(\.record) == ["base", "slow"])
    #expect(result.quality[1].dominatedBy == (isDominated ? "base" : nil))
    #expect(result.quality[0].dominatedBy == nil)
    #expect(agrees(result.quality[0].marginalDollarsPerTask.value, result[0, "marginal_dollars_per_task"]))
  }

  /// What a prompt and an answer ask for is the same however it is divided among what is charged for.
  @Test(arguments: [0, 1, 300, 999]) func phasesSumToTheWhole(_ cached: Int) {
    let growth = Growth(microBatch: 128, layers: [.init(count: 5, window: 64), .init(count: 1)])
    let basis = WorkBasis(prefill: growth, decode: growth)
    var reach = Reach()
    let work = basis.work(of: Attempt(input: 1000, output: 40, reasoning: 60, cached: cached), reach: &reach)
    let prompt = work.input + work.behindCache
    let whole = growth.demand(of: Place(tokens: 1000 - cached, context: cached))
    let steps = work.reasoning + work.output
    let all = growth.steps(from: 1000, count: 99)
    for (a, b) in [
      (prompt.passes, whole.passes), (prompt.rows, whole.rows), (prompt.pairs, whole.pairs),
      (prompt.recalled, whole.recalled), (steps.passes, all.passes), (steps.pairs, all.pairs),
      (work.inputTokens + work.cachedTokens, 1000), (work.outputTokens + work.reasoningTokens, 100),
    ] {
      #expect((a - b).magnitude <= 1e-12 * max(1, b.magnitude))
    }
  }
}
