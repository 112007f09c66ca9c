import CostCurves
import Pricing
import Statistics

/// A machine of known costs, and scenarios on it.
enum ScenarioFixture {
  /// Prefill F + b n + 2q · pairs, steps f + e (c + 1) of one sequence, and of B sequences.
  struct Truth {
    var prefillPass = 8e-3
    var prefillRow = 1.5e-4
    var pair = 1e-7
    var stepPass = 2e-3
    var stepPair = 8e-7
    var row = 4e-4

    func prefill(_ demand: Demand) -> Double {
      prefillPass * demand.passes + prefillRow * demand.rows + pair * demand.pairs
    }
    func step(_ demand: Demand) -> Double { stepPass * demand.passes + stepPair * demand.pairs + row * demand.rows }
  }

  /// Curves through points with noise that windows share and noise of each point's own, both as shares of the cost; none gives
  /// the truth.
  static func curves(
    _ truth: Truth = Truth(), windows: Int = 8, windowNoise: [Double] = [], noise: Double = 0, seed: UInt64 = 1,
    isDeep: Bool = true
  ) throws -> TokenCurves {
    var generator = SplitMix64(seed: seed)
    func factor(_ window: Int) -> Double {
      (1 + (windowNoise.isEmpty ? 0 : windowNoise[window]))
        * (noise > 0 ? 1 + noise * Normal.quantile(generator.unit()) : 1)
    }
    func points(_ places: [Place], _ cost: (Demand) -> Double) -> [Point] {
      (0..<windows).flatMap { window in
        places.map { place in
          let demand = Growth().demand(of: place)
          return Point(demand, cost: cost(demand) * factor(window), place: place, unit: window)
        }
      }
    }
    let depths = isDeep ? [0, 512, 4096] : [0]
    let prompts = depths.flatMap { depth in
      [16, 64, 256, 1024, 4096, 8192].map { Place(tokens: $0, context: depth) }
    }
    let steps = [0, 128, 512, 1024, 2048, 4096, 16384].map { Place(context: $0) }
    return TokenCurves(
      prefill: try .fit(
        points(prompts, truth.prefill), families: isDeep ? Family.prefillAtDepth : Family.prefill[0]),
      decode: try .fit(points(steps, truth.step), families: [Family.decode[1]]),
      batch: try .fit(
        points(steps + [2, 4, 8].map { Place(context: 128, sequences: $0) }, truth.step),
        families: [Family.batch[1]]))
  }

  static func measured(_ curves: TokenCurves, name: String = "base", energy: Bool = true) -> MeasuredCosts {
    MeasuredCosts(
      name: name, label: "a machine of known costs", curves: curves, threads: 2, processors: 2,
      steps: [1, 2, 4, 8].map { .init(place: Place(context: 128, sequences: $0), p95Seconds: 0.004 * Double($0)) },
      prefills: [256, 1024].map { .init(place: Place(tokens: $0), p95Seconds: 3e-4 * Double($0)) },
      energy: energy
        ? .init(
          label: "estimated", isOfFacility: false,
          prefillWatts: Estimate(20, Interval(low: 10, high: 40, level: 0.95), method: .range),
          decodeWatts: Estimate(10, Interval(low: 5, high: 20, level: 0.95), method: .range), idleWatts: 3) : nil,
      energyAbsence: energy ? nil : "no sensor"
    ) { prompt, cached, context, sequences in "measure \(prompt) \(cached) \(context) \(sequences)" }
  }

  /// A scenario that may be changed word by word.
  static func text(
    host: String = "{ rented: { dollars_per_hour: 0.36 } }",
    fleet: String = #"{ mode: "elastic", most_busy_share: 0.5 }"#,
    tasks: String = #"[ { name: "reply", input_tokens: 1000, output_tokens: 100 } ]"#,
    plans: String = """
    [ { name: "list", kind: "per_token", input_dollars_per_million: 1, cached_input_dollars_per_million: 0.1, output_dollars_per_million: 5 },
      { name: "task", kind: "per_task", dollars_per_task: 0.001 } ]
    """,
    strategies: String = #"[ { name: "as it is", plan: "list" } ]"#, more: String = ""
  ) -> String {
    """
    {
      schema: "inferometer.scenario", schema_version: 1, name: "test", // a comment
      records: [ { name: "base", directory: "nowhere" } ],
      host: \(host), fleet: \(fleet),
      workload: { tasks_per_month: 1e6, tasks: \(tasks) },
      plans: \(plans),
      strategies: \(strategies),
      \(more)
    }
    """
  }

  static func result(_ text: String, _ records: [MeasuredCosts]? = nil, log: TaskLog? = nil) throws -> ScenarioResult {
    try Evaluator.prepare(
      try Scenario(json5: Array(text.utf8)), records: records ?? [measured(try curves())], log: log
    ).result()
  }
}

extension ScenarioResult {
  subscript(strategy: Int, key: String) -> Double { strategies[strategy].figures[key]?.value ?? .nan }
}
