import CostCurves
import Foundation
import Pricing
import Statistics
import Testing

/// Formulas of prices against figures that were worked by hand: those beside this file, and those of a file that the variable
/// INFEROMETER_WORKED names, in the same form.
@Suite struct WorkedTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var kind: String
    var inputs: Values
    var expected: [String: Double]
    var tolerance: Double
    var testDescription: String { name }
  }

  /// Numbers by name; nested ones by `outer.inner`, lists apart.
  struct Values: Sendable {
    var numbers: [String: Double]
    var lists: [String: [Double]]

    subscript(name: String) -> Double { numbers[name] ?? .nan }
    func callAsFunction(_ name: String, default value: Double) -> Double { numbers[name] ?? value }
  }

  static func cases(in json: Data) throws -> [Case] {
    let list = try #require(try JSONSerialization.jsonObject(with: json) as? [[String: Any]])
    return try list.map { item in
      var values = Values(numbers: [:], lists: [:])
      for (key, value) in try #require(item["inputs"] as? [String: Any]) {
        if let number = value as? Double { values.numbers[key] = number }
        if let list = value as? [Double] { values.lists[key] = list }
        for (inner, number) in value as? [String: Double] ?? [:] { values.numbers["\(key).\(inner)"] = number }
      }
      return Case(
        name: try #require(item["name"] as? String), kind: try #require(item["kind"] as? String), inputs: values,
        expected: try #require(item["expected"] as? [String: Double]),
        tolerance: item["relative_tolerance"] as? Double ?? 1e-6)
    }
  }

  static var all: [Case] {
    get throws {
      let own = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/pricing/worked.json")
      var cases = try cases(in: try Data(contentsOf: own))
      if let path = ProcessInfo.processInfo.environment["INFEROMETER_WORKED"] {
        cases += try Self.cases(in: try Data(contentsOf: URL(filePath: path)))
      }
      return cases
    }
  }

  @Test(arguments: try all) func agrees(_ worked: Case) throws {
    let found = try figures(worked)
    for (key, expected) in worked.expected.sorted(by: { $0.key < $1.key }) {
      let value = try #require(found[key], "\(worked.name): \(key) is not calculated")
      let error = expected == 0 ? value.magnitude : (value / expected - 1).magnitude
      #expect(error <= worked.tolerance, "\(worked.name): \(key) is \(value), by hand \(expected)")
    }
    #expect(!worked.expected.isEmpty)
  }

  private func figures(_ worked: Case) throws -> [String: Double] {
    let inputs = worked.inputs
    switch worked.kind {
    case "rented": return rented(inputs)
    case "owned": return owned(inputs)
    case "split": return split(inputs)
    case "fleet": return fleet(inputs)
    case "agent": return agent(inputs)
    case "retries": return retries(inputs)
    case "subscription": return subscription(inputs)
    case "elasticity": return elasticity(inputs)
    case "verbosity": return verbosity(inputs)
    case "carbon": return carbon(inputs)
    case "interval": return try interval(inputs)
    default:
      Issue.record("\(worked.name): no formula of kind '\(worked.kind)'")
      return [:]
    }
  }

  private func rented(_ inputs: Values) -> [String: Double] {
    let hour = HourCost(fixed: inputs["host_dollars_per_hour"])
    let second = hour.busySecond(busyShare: inputs["busy_share"])
    return ["dollars_per_million_tokens": second * inputs["step_seconds"] / inputs("sequences", default: 1) * 1e6]
  }

  private func owned(_ inputs: Values) -> [String: Double] {
    let host = OwnedHost(
      capexDollars: inputs["capex_dollars"], residualDollars: inputs("residual_dollars", default: 0),
      lifeYears: inputs["life_years"], discountRate: inputs["discount_rate"],
      fixedOpexDollarsPerYear: inputs("fixed_opex_dollars_per_year", default: 0), idleWatts: inputs["idle_watts"],
      busyWatts: inputs["busy_watts"], dollarsPerKilowattHour: inputs["dollars_per_kwh"],
      powerUsageEffectiveness: inputs("pue", default: 1))
    let busy = inputs["busy_share"]
    let hour = host.hours(share: inputs("share_of_host", default: 1))
    return [
      "capital_recovery_factor": host.capitalRecoveryFactor, "capital_dollars_per_hour": host.capitalDollarsPerHour,
      "power_dollars_per_hour": host.powerDollarsPerHour(busyShare: busy),
      "host_dollars_per_hour": hour.hour(busyShare: busy),
      "dollars_per_million_tokens": hour.busySecond(busyShare: busy) * inputs["seconds_per_token"] * 1e6,
    ]
  }

  // MARK: - Phases

  /// Curves of exact coefficients: a prefill of F + b n + q n² in front of which nothing lies, and steps of f + e c.
  private struct Phases {
    let prefill: (Demand) -> Double
    let decode: (Demand) -> Double
    let sampling: Double

    init(_ inputs: Values) {
      let (fixed, token, pair) = (
        inputs["prefill_fixed_s"], inputs["prefill_per_token_s"], inputs["prefill_per_pair_s"]
      )
      // n rows behind c tokens attend to nc + n(n + 1)/2 tokens, so a pair costs 2q and a row b − q.
      prefill = { fixed * $0.passes + (token - pair) * $0.rows + 2 * pair * $0.pairs }
      let (step, context) = (inputs["decode_fixed_s"], inputs["decode_per_context_token_s"])
      // A step behind c tokens attends to c + 1.
      decode = { (step - context) * $0.passes + context * $0.pairs }
      sampling = inputs("sampling_s", default: 0)
    }

    func input(_ work: Work) -> Double { prefill(work.input) }
    func cached(_ work: Work) -> Double { prefill(work.behindCache) }
    func output(_ work: Work) -> Double {
      decode(work.output) + decode(work.reasoning) + sampling * (work.outputTokens + work.reasoningTokens)
    }
  }

  private let basis = WorkBasis(prefill: Growth(), decode: Growth())

  private func work(_ attempt: Attempt) -> Work {
    var reach = Reach()
    return basis.work(of: attempt, reach: &reach)
  }

  private func split(_ inputs: Values) -> [String: Double] {
    let (cached, new, output) = (
      inputs("cached_tokens", default: 0), inputs["new_tokens"], inputs["output_tokens"]
    )
    let work = work(
      Attempt(input: Int(cached + new), output: Int(output), hitShare: cached > 0 ? cached / (cached + new) : 0))
    let phases = Phases(inputs)
    let second = HourCost(fixed: inputs["host_dollars_per_hour"]).busySecond(
      busyShare: inputs("busy_share", default: 1))
    let seconds = (phases.input(work), phases.cached(work), phases.output(work))
    func perMillion(_ seconds: Double, _ tokens: Double) -> Double { seconds / tokens * 1e6 * second }
    let (newPrice, cachedPrice) = (perMillion(seconds.0, new), perMillion(seconds.1, cached))
    return [
      "new_seconds": seconds.0, "cached_seconds": seconds.1, "output_seconds": seconds.2,
      "task_dollars": (seconds.0 + seconds.1 + seconds.2) * second, "new_dollars_per_million": newPrice,
      "cached_dollars_per_million": cachedPrice, "output_dollars_per_million": perMillion(seconds.2, output),
      "cached_to_new_ratio": cachedPrice / newPrice,
    ]
  }

  private func agent(_ inputs: Values) -> [String: Double] {
    func loop(_ hitShare: Double) -> Work {
      work(
        Attempt(
          input: Int(inputs["first_prompt_tokens"]), output: Int(inputs["output_tokens_per_turn"]),
          turns: Int(inputs["turns"]), added: Int(inputs["tokens_added_per_turn"]), hitShare: hitShare))
    }
    let (plain, cached) = (loop(0), loop(inputs("cache_hit_share", default: 0)))
    let phases = Phases(inputs)
    let second = HourCost(fixed: inputs["host_dollars_per_hour"]).busySecond(
      busyShare: inputs("busy_share", default: 1))
    func dollars(_ work: Work) -> Double { (phases.input(work) + phases.cached(work) + phases.output(work)) * second }
    let turns = inputs["turns"]
    let grown = inputs["tokens_added_per_turn"] + inputs["output_tokens_per_turn"]
    return [
      "prompt_tokens_sent": plain.inputTokens + plain.cachedTokens, "output_tokens": plain.outputTokens,
      "longest_prompt_tokens": inputs["first_prompt_tokens"] + inputs["tokens_added_per_turn"] + grown * (turns - 1),
      "prefill_seconds_without_cache": phases.input(plain) + phases.cached(plain),
      "prefill_seconds_with_cache": phases.input(cached) + phases.cached(cached),
      "output_seconds": phases.output(plain), "task_dollars_without_cache": dollars(plain),
      "task_dollars_with_cache": dollars(cached), "saving_share": 1 - dollars(cached) / dollars(plain),
    ]
  }

  // MARK: - Fleets, attempts and plans

  private func fleet(_ inputs: Values) -> [String: Double] {
    let hour = HourCost(fixed: inputs["host_dollars_per_hour"])
    let (rate, most) = (inputs["tokens_per_second"], inputs["most_busy_share"])
    var figures: [String: Double] = [:]
    for name in ["single", "batched"] {
      let seconds = inputs["seconds_per_token_\(name)"]
      // Of an hour.
      let load = Fleet(.elastic, mostBusyShare: most).load(busySeconds: rate * 3600 * seconds, hours: 1)
      let fixed = Fleet(.fixed(Int(inputs["fixed_hosts"])), mostBusyShare: 1)
        .load(busySeconds: rate * 3600 * seconds, hours: 1)
      func perMillion(_ load: Fleet.Load) -> Double { load.dollars(hour) / (rate * 3600) * 1e6 }
      figures["\(name)_hosts"] = load.hosts
      figures["\(name)_busy_share"] = load.busyShare
      figures["\(name)_dollars_per_million_elastic"] = perMillion(load)
      figures["\(name)_dollars_per_million_fixed_fleet"] = perMillion(fixed)
      figures["\(name)_marginal_floor_dollars_per_million"] = hour.busySecond(busyShare: 1) * seconds * 1e6
    }
    return figures
  }

  private func retries(_ inputs: Values) -> [String: Double] {
    let attempts = Attempts(success: inputs["success_probability"], most: Int(inputs["most_attempts"]))
    let (success, failure) = (inputs["success_attempt_dollars"], inputs["failed_attempt_dollars"])
    return [
      "attempts_per_task": attempts.perTask, "success_share": attempts.successShare,
      "dollars_per_task": attempts.perTask(success: success, failure: failure),
      "dollars_per_successful_task": attempts.perSuccess(success: success, failure: failure),
    ]
  }

  private func subscription(_ inputs: Values) -> [String: Double] {
    let use = LognormalUse(median: inputs["median_tasks_per_month"], sigma: inputs["sigma_of_log"])
    let cap = inputs["cap_tasks_per_month"]
    let month = CappedUse(
      feeDollars: inputs["fee_dollars_per_month"], dollarsPerTask: inputs["dollars_per_task"], meanTasks: use.mean,
      meanWithinCap: use.mean(within: cap), takeUp: inputs("overage_take_up", default: 0),
      overageDollarsPerTask: inputs("overage_dollars_per_task", default: 0))
    return [
      "mean_tasks": month.meanTasks, "mean_tasks_within_cap": month.meanWithinCap,
      "share_of_users_at_cap": use.share(above: cap), "break_even_tasks": month.breakEvenTasks,
      "share_of_users_above_break_even": use.share(above: month.breakEvenTasks),
      "margin_dollars_per_user": month.margin, "fee_that_breaks_even": month.breakEvenFee,
    ]
  }

  private func elasticity(_ inputs: Values) -> [String: Double] {
    let (price, newPrice, cost) = (inputs["price"], inputs["new_price"], inputs["marginal_cost"])
    var figures: [String: Double] = [:]
    figures["elasticity_at_which_profit_is_unchanged"] = PriceResponse.indifferentElasticity(
      from: price, to: newPrice, marginalCost: cost)
    for elasticity in inputs.lists["elasticities"] ?? [] {
      let response = PriceResponse(price: price, quantity: inputs["million_tokens"], elasticity: elasticity)
      // A whole number may be written with a point or without.
      for name in ["\(elasticity)", elasticity == elasticity.rounded() ? "\(Int(elasticity))" : "\(elasticity)"] {
        figures["at_\(name)_million_tokens"] = response.quantity(at: newPrice)
        figures["at_\(name)_revenue_change"] = response.revenueChange(to: newPrice)
        figures["at_\(name)_profit_change"] = response.profitChange(to: newPrice, marginalCost: cost)
        figures["at_\(name)_best_price"] = response.bestPrice(marginalCost: cost)
        if let capacity = inputs.numbers["capacity_million_tokens"] {
          figures["at_\(name)_price_that_fills_capacity"] = response.price(filling: capacity)
        }
      }
    }
    return figures
  }

  private func verbosity(_ inputs: Values) -> [String: Double] {
    let verbosity = Verbosity(
      inputTokens: inputs["input_tokens"], outputTokens: inputs["output_tokens"], tasks: inputs["tasks"],
      inputPrice: inputs["input_price_per_million"], outputPrice: inputs["output_price_per_million"],
      inputCost: inputs["input_cost_per_million"], outputCost: inputs["output_cost_per_million"])
    let more = inputs["more_output_share"]
    let (below, at) = (inputs["tasks_of_user_below_cap"], inputs["tasks_of_user_at_cap"])
    let (takeUp, price) = (inputs["overage_take_up"], inputs["overage_price_per_million"])
    return [
      "task_price": verbosity.taskPrice, "task_cost": verbosity.taskCost,
      "per_token_no_demand_response": verbosity.perToken(more: more, elasticity: 0),
      "per_token_with_demand_response": verbosity.perToken(more: more, elasticity: inputs["elasticity"]),
      "per_task": verbosity.perTask(more: more),
      "elasticity_at_which_per_token_flips": verbosity.flippingElasticity,
      "subscription": verbosity.subscription(
        more: more, users: inputs["users"], atCap: inputs["share_of_users_at_cap"], tasksBelow: below, tasksAt: at,
        takeUp: takeUp, overagePrice: price),
      "share_at_cap_at_which_subscription_flips": verbosity.flippingShareAtCap(
        tasksBelow: below, tasksAt: at, takeUp: takeUp, overagePrice: price),
    ]
  }

  private func carbon(_ inputs: Values) -> [String: Double] {
    let joules =
      inputs["joules_per_input_token"] * inputs["input_tokens"]
      + inputs["joules_per_output_token"] * inputs["output_tokens"]
    let footprint = Footprint(
      powerUsageEffectiveness: inputs("pue", default: 1), gramsPerKilowattHour: inputs["grams_co2e_per_kwh"],
      embodiedKilograms: inputs("embodied_kg", default: 0), lifeYears: inputs("life_years", default: 5),
      share: inputs("share_of_host", default: 1))
    let use = footprint.gramsOfUse(joules: joules)
    let embodied = footprint.gramsEmbodied(busySeconds: inputs["busy_seconds"], busyShare: inputs["busy_share"])
    return [
      "joules": joules, "grams_of_use": use, "grams_embodied": embodied, "grams_per_task": use + embodied,
      "grams_per_successful_task": (use + embodied) * inputs("attempts_per_success", default: 1),
    ]
  }

  private func interval(_ inputs: Values) throws -> [String: Double] {
    func estimate(_ name: String) -> Estimate {
      Estimate(
        inputs["\(name).value"],
        Interval(low: inputs["\(name).low"], high: inputs["\(name).high"], level: 0.95), method: .meanOfUnits)
    }
    let ratio = try #require(estimate("numerator").ratio(to: estimate("denominator")))
    let (host, seconds) = (estimate("host_dollars_per_hour"), estimate("seconds"))
    let bounds = try #require(host.interval)
    let price = try HostPrice(
      dollarsPerHour: .init(host.value), low: .init(bounds.low), high: .init(bounds.high), source: .given)
    let certain = Tariff(price: price).dollars(for: seconds)
    let independent = try #require(seconds.product(with: host.scaled(by: 1 / 3600)))
    let margin = certain.margin(ofPrice: inputs["list_price_dollars"])
    let limits = (
      ratio: try #require(ratio.interval), certain: try #require(certain.interval),
      independent: try #require(independent.interval), margin: try #require(margin.interval)
    )
    return [
      "ratio": ratio.value, "ratio_low": limits.ratio.low, "ratio_high": limits.ratio.high, "product": certain.value,
      "product_low_bounds": limits.certain.low, "product_high_bounds": limits.certain.high,
      "product_low_independent": limits.independent.low, "product_high_independent": limits.independent.high,
      "margin": margin.value, "margin_low": limits.margin.low, "margin_high": limits.margin.high,
    ]
  }
}
