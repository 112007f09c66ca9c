import CostCurves
import Quantities
import Statistics

extension Evaluator {
  /// Makes the strategies ready. A scenario that the records cannot answer is refused, with what would measure it.
  package static func prepare(
    _ scenario: Scenario, records: [MeasuredCosts], log: TaskLog?
  ) throws(ScenarioError) -> Evaluator {
    var scenario = scenario
    if let log {
      for count in scenario.workload.tasks.flatMap(\.counts) {
        if case .column(let name) = count.shape, log.columns[name] == nil {
          throw ScenarioError(
            count.path,
            "names the column '\(name)', which the log has not; it has \(log.columns.keys.sorted().joined(separator: ", "))"
          )
        }
      }
      // A log is of a month unless the scenario says otherwise.
      if scenario.workload.tasksPerMonth == nil {
        scenario.workload.tasksPerMonth = Quantity(Double(log.rows), path: "workload.tasks_per_month")
      }
    }
    // What is common to strategies is counted once.
    let counter = TaskCounter(scenario.workload.tasks, log: log)
    var counts: [CountKey: CountedTasks] = [:]
    func counted(
      _ levers: Scenario.Levers, _ measured: MeasuredCosts, _ sequences: Int, isStretched: Bool = true
    ) -> CountedTasks {
      let key = CountKey(levers, measured, sequences)
      if let known = counts[key] { return known }
      let tasks = CountedTasks(
        counter, levers, WorkBasis(measured.curves, sequences: sequences, isClipped: scenario.outside == .clip),
        isStretched: isStretched)
      if isStretched { counts[key] = tasks }
      return tasks
    }
    func measured(_ name: String?) -> MeasuredCosts { records.first { $0.name == name } ?? records[0] }
    try checkEnergy(scenario, records)
    func model(_ strategy: Scenario.Strategy) throws(ScenarioError) -> StrategyModel {
      let measured = measured(strategy.levers.record)
      return try chosen(strategy, scenario, measured) { counted($0, $1, $2) }
    }
    var models: [StrategyModel] = []
    var unlevered: [StrategyModel] = []
    for strategy in scenario.strategies {
      models.append(try model(strategy))
      var plain = strategy
      plain.levers = .none
      let isOfUsers = if case .subscription = models[models.count - 1].plan { true } else { false }
      unlevered.append(isOfUsers && scenario.demand != nil ? try model(plain) : models[models.count - 1])
    }
    var reference: StrategyModel?
    if let demand = scenario.demand {
      reference = try model(Scenario.Strategy(name: "reference", plan: demand.referencePlan, levers: .none))
    }
    var rated: [RatedRecord] = []
    for (record, measured) in zip(scenario.records, records) {
      guard let loss = record.loss else { continue }
      var levers = scenario.strategies[0].levers
      levers.record = record.name
      let strategy = Scenario.Strategy(
        name: "records of '\(measured.name)'", plan: scenario.strategies[0].plan, levers: levers)
      rated.append(RatedRecord(loss: loss, model: try model(strategy)))
    }
    var choices: [StrategyModel] = []
    let base = models[0].measured
    for sequences in base.answerableSequences {
      let levers = scenario.strategies[0].levers
      choices.append(
        try StrategyModel(
          scenario.strategies[0], scenario, base, sequences: sequences,
          counted(levers, base, sequences, isStretched: false)))
    }
    return Evaluator(
      scenario: scenario, models: models, reference: reference, unlevered: unlevered, choices: choices, rated: rated)
  }

  private static func checkEnergy(_ scenario: Scenario, _ records: [MeasuredCosts]) throws(ScenarioError) {
    guard case .owned(let owned) = scenario.host, owned.idleWatts == nil else { return }
    for record in records where record.energy?.idleWatts == nil {
      throw ScenarioError(
        "host.owned.idle_watts",
        "is missing, and record '\(record.name)' has no energy of a host that runs nothing"
          + " (\(record.energyAbsence ?? "not known")); give idle_watts and busy_watts")
    }
  }

  /// With the sequences that it asks for, or the cheapest whose readers do not wait too long.
  private static func chosen(
    _ strategy: Scenario.Strategy, _ scenario: Scenario, _ measured: MeasuredCosts,
    _ counted: (Scenario.Levers, MeasuredCosts, Int) -> CountedTasks
  ) throws(ScenarioError) -> StrategyModel {
    let asked = strategy.levers.sequences ?? scenario.fleet.sequences
    let choices = asked.map { [$0] } ?? measured.answerableSequences
    var late: [String] = []
    var best: (model: StrategyModel, seconds: Double)?
    for sequences in choices {
      guard measured.answerableSequences.contains(sequences) else {
        throw ScenarioError(
          "strategies '\(strategy.name)'",
          "asks for steps of \(sequences) sequences, and the curves of record '\(measured.name)' are of "
            + "\(measured.answerableSequences.map(String.init).joined(separator: ", ")); measure them: "
            + measured.remedy(0, 0, 0, sequences))
      }
      let model = try StrategyModel(
        strategy, scenario, measured, sequences: sequences, counted(strategy.levers, measured, sequences))
      if let lateness = model.lateness(scenario.latency) {
        late.append(lateness)
        continue
      }
      let seconds = model.perTask(Draw()).seconds
      if best.map({ seconds < $0.seconds }) ?? true { best = (model, seconds) }
    }
    if let best { return best.model }
    throw ScenarioError(
      "latency",
      "no measured point of record '\(measured.name)' meets it for strategy '\(strategy.name)': "
        + late.joined(separator: "; ") + "; allow more time, or measure a faster model or machine")
  }

  package func result() -> ScenarioResult {
    let draws = draws()
    let outcomes = models.indices.map { index in draws.map { outcome(index, $0) } }
    let centers = models.indices.map { outcome($0, Draw()) }
    let swings = swings()
    let best = Self.best(centers.map(\.profit))
    var wins = [Int](repeating: 0, count: models.count)
    for draw in draws.indices { wins[Self.best(outcomes.map { $0[draw].profit })] += 1 }
    var strategies = models.indices.map { index in
      strategy(
        index, centers[index], outcomes[index], probability: Double(wins[index]) / Double(draws.count),
        difference: index == 0
          ? nil
          : figure(
            centers[index].profit - centers[0].profit,
            zip(outcomes[index], outcomes[0]).map { $0.profit - $1.profit },
            [.host, .fleet, .workload, .plans, .demand, .levers]),
        swings.map {
          ScenarioResult.Swing(input: $0.input, isMeasured: $0.isMeasured, low: $0.low[index], high: $0.high[index])
        })
    }
    for index in strategies.indices {
      func place(_ strategy: ScenarioResult.StrategyResult) -> (Double, Double)? {
        guard let cost = strategy.figures["marginal_dollars_per_successful_task"]?.value,
          let success = strategy.figures["success_share"]?.value
        else { return nil }
        return (cost, -success)
      }
      guard let mine = place(strategies[index]) else { continue }
      strategies[index].dominatedBy = strategies.first { place($0).map { isBetter($0, mine) } ?? false }?.name
    }
    return ScenarioResult(
      name: scenario.name, level: scenario.level, draws: scenario.draws, seed: scenario.seed, inputs: tally(),
      records: used().map {
        ScenarioResult.RecordUse(
          name: $0.name, label: $0.label, energy: $0.energy?.label, energyAbsentReason: $0.energyAbsence)
      }, host: hostInWords(), hasHostWatts: scenario.hasHostWatts, strategies: strategies,
      decision: decision(best, swings), operatingPoints: operatingPoints(), quality: quality(draws), notes: notes())
  }

  private func operatingPoints() -> [ScenarioResult.OperatingPoint] {
    let second = scenario.hour(Draw(), models[0].measured).busySecond(
      busyShare: Draw()(scenario.fleet.mostBusyShare))
    return choices.map { model in
      ScenarioResult.OperatingPoint(
        record: model.measured.name, sequences: model.sequences,
        timePerOutputTokenMsP95: model.outputTokenWait.map { ($0.p95Seconds * 1000).rounded(significantDigits: 10) },
        marginalDollarsPerTask: (model.perTask(Draw()).seconds * second).rounded(significantDigits: 10),
        restsOnExample: [.host, .fleet, .workload, .levers].contains { examples.contains($0) },
        meetsLatency: model.lateness(scenario.latency) == nil, isTaken: model.sequences == models[0].sequences)
    }
  }

  /// What a task and a million output tokens cost on each rated record where the fleet follows demand, against its loss.
  private func quality(_ draws: [Draw]) -> [ScenarioResult.Quality] {
    func costs(_ model: StrategyModel, _ draw: Draw) -> (task: Double, output: Double) {
      let task = model.perTask(draw)
      let second = scenario.hour(draw, model.measured).busySecond(busyShare: draw(scenario.fleet.mostBusyShare))
      return (task.seconds * second, task.outputSeconds / task.work.outputTokens * 1e6 * second)
    }
    let parts: [Scenario.Part] = [.host, .fleet, .workload, .levers]
    var points = rated.compactMap { record -> ScenarioResult.Quality? in
      let center = costs(record.model, Draw())
      let drawn = draws.map { costs(record.model, $0) }
      guard let task = figure(center.task, drawn.map(\.task), parts),
        let output = figure(center.output, drawn.map(\.output), parts)
      else { return nil }
      return ScenarioResult.Quality(
        record: record.model.measured.name, loss: record.loss.value, restsOnExample: record.loss.kind == .example,
        marginalDollarsPerTask: task, dollarsPerMillionOutputTokens: output)
    }
    for index in points.indices {
      let mine = (points[index].marginalDollarsPerTask.value, points[index].loss)
      points[index].dominatedBy = points.first { isBetter(($0.marginalDollarsPerTask.value, $0.loss), mine) }?.record
    }
    return points
  }

  /// No worse in both, and better in one: less is better.
  private func isBetter(_ a: (Double, Double), _ b: (Double, Double)) -> Bool { a.0 <= b.0 && a.1 <= b.1 && a != b }

  /// Records that any strategy runs on.
  private func used() -> [MeasuredCosts] {
    var records: [MeasuredCosts] = []
    for model in models + rated.map(\.model) where !records.contains(where: { $0.name == model.measured.name }) {
      records.append(model.measured)
    }
    return records
  }

  private func draws() -> [Draw] {
    var random = NormalNumbers(seed: UInt64(scenario.seed))
    let quantities = uncertain()
    let records = used()
    return (0..<scenario.draws).map { _ in
      var draw = Draw()
      for quantity in quantities { draw.values[quantity.path] = quantity.quantile(random.unit()) }
      for record in records { draw.curves[record.name] = CurvesDraw(record, &random) }
      return draw
    }
  }

  /// Each quantity with bounds, once.
  private func uncertain() -> [Quantity] {
    var seen: Set<String> = []
    let counts = Scenario.Part.allCases.flatMap { scenario.counts(of: $0) }.compactMap { count -> Quantity? in
      if case .quantity(let quantity) = count.shape { quantity } else { nil }
    }
    return (Scenario.Part.allCases.flatMap { scenario.quantities(of: $0) } + counts)
      .filter { !$0.isExact && seen.insert($0.path).inserted }
  }

  private func figure(_ value: Double, _ draws: [Double], _ parts: [Scenario.Part]) -> ScenarioResult.Figure? {
    let known = draws.filter { !$0.isNaN }.sorted()
    guard value.isFinite, !known.isEmpty else { return nil }
    func quantile(_ share: Double) -> Double {
      let place = share * Double(known.count - 1)
      let below = Int(place)
      let next = min(below + 1, known.count - 1)
      return known[below] + (known[next] - known[below]) * (place - Double(below))
    }
    let tail = (1 - scenario.level) / 2
    return ScenarioResult.Figure(
      value: value, low: min(value, quantile(tail)), high: max(value, quantile(1 - tail)),
      restsOnExample: parts.contains { examples.contains($0) })
  }

  private func strategy(
    _ index: Int, _ center: Outcome, _ draws: [Outcome], probability: Double, difference: ScenarioResult.Figure?,
    _ swings: [ScenarioResult.Swing]
  ) -> ScenarioResult.StrategyResult {
    let model = models[index]
    var figures: [String: ScenarioResult.Figure] = [:]
    var absent: [String: String] = [:]
    for entry in StrategyFigure.all {
      if let figure = figure(entry.of(center), draws.map(entry.of), entry.parts) {
        figures[entry.key] = figure
      } else {
        absent[entry.key] = entry.absence
      }
    }
    return ScenarioResult.StrategyResult(
      name: model.name, plan: scenario.strategies[index].plan, record: model.measured.name, sequences: model.sequences,
      figures: figures, absent: absent,
      outside: .init(model.outside), probabilityOfBeingBest: probability, profitDifference: difference,
      tornado: swings.filter { $0.width > 0 }.sorted { ($0.width, $1.input) > ($1.width, $0.input) },
      timePerOutputTokenMsP95: model.outputTokenWait.map { ($0.p95Seconds * 1000).rounded(significantDigits: 10) },
      timeToFirstTokenMsP95: model.firstTokenSeconds.map { ($0 * 1000).rounded(significantDigits: 10) },
      lossFromContextTokens: lossFromContext(model))
  }

  // MARK: - What matters

  private struct Ends {
    var input: String
    var isMeasured: Bool
    /// Profit by strategy.
    var low: [Double]
    var high: [Double]
  }

  /// Profit at the ends of each input: of a quantity its bounds; of the curves of a record what the level's share of draws of
  /// them alone gives.
  private func swings() -> [Ends] {
    func profits(_ draw: Draw) -> [Double] { models.indices.map { outcome($0, draw).profit } }
    var ends = uncertain().map { quantity in
      Ends(
        input: quantity.path, isMeasured: false, low: profits(Draw(values: [quantity.path: quantity.low])),
        high: profits(Draw(values: [quantity.path: quantity.high])))
    }
    var random = NormalNumbers(seed: UInt64(scenario.seed) &+ 1)
    let tail = (1 - scenario.level) / 2
    for record in used() {
      let drawn = (0..<400).map { _ in profits(Draw(curves: [record.name: CurvesDraw(record, &random)])) }
      func end(_ share: Double) -> [Double] {
        models.indices.map { index in
          let sorted = drawn.map { $0[index] }.sorted()
          return sorted[Int(share * Double(sorted.count - 1))]
        }
      }
      ends.append(
        Ends(input: "measured curves of '\(record.name)'", isMeasured: true, low: end(tail), high: end(1 - tail)))
    }
    return ends
  }

  private func decision(_ best: Int, _ swings: [Ends]) -> ScenarioResult.Decision {
    var changes: [ScenarioResult.Change] = []
    for ends in swings {
      for (end, profits) in [("low", ends.low), ("high", ends.high)] {
        let other = Self.best(profits)
        if other != best {
          changes.append(
            .init(input: ends.input, isMeasured: ends.isMeasured, end: end, best: models[other].name))
        }
      }
    }
    return ScenarioResult.Decision(best: models[best].name, changes: changes)
  }

  /// Of equals the first.
  private static func best(_ profits: [Double]) -> Int {
    profits.indices.reduce(0) { profits[$1] > profits[$0] ? $1 : $0 }
  }

  /// The first context at which a token's seconds cost more than its price where the fleet follows.
  private func lossFromContext(_ model: StrategyModel) -> Int? {
    guard case .perToken(let prices) = model.plan else { return nil }
    let draw = Draw()
    let price = draw(prices.outputPerMillion) * draw(model.levers.priceFactor) / 1e6
    let second = scenario.hour(draw, model.measured).busySecond(busyShare: draw(scenario.fleet.mostBusyShare))
    let curves = model.measured.curves
    let domain = curves.decode.domain.contextTokens
    func costs(_ context: Int) -> Bool {
      guard let step = try? curves.stepSeconds(context: context, sequences: model.sequences) else { return false }
      return (step.value / Double(model.sequences) + (curves.sampling?.value ?? 0)) * second > price
    }
    guard costs(domain.upperBound) else { return nil }
    var (low, high) = (domain.lowerBound, domain.upperBound)
    while low < high {
      let middle = low + (high - low) / 2
      if costs(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  // MARK: - In words

  /// What was measured is what curves and energies are made of; what was given or is an example stands in the scenario.
  private func tally() -> ScenarioResult.InputTally {
    let quantities = Scenario.Part.allCases.flatMap { scenario.quantities(of: $0) }
    let counts = Scenario.Part.allCases.flatMap { scenario.counts(of: $0) }
    let kinds =
      quantities.filter { !$0.path.isEmpty }.map(\.kind)
      + counts.filter { count in
        if case .quantity(let quantity) = count.shape { return !quantity.path.isEmpty }
        return true
      }.map(\.kind)
    let measured = used().reduce(0) { sum, record in
      let curves = record.curves
      return sum + 2
        + [curves.batch == nil, curves.sampling == nil, curves.startUp == nil, record.energy == nil].count { !$0 }
    }
    return .init(
      measured: measured, given: kinds.count { $0 == .given }, example: kinds.count { $0 == .example })
  }

  private func hostInWords() -> String {
    switch scenario.host {
    case .rented(let dollars, let processors):
      let share = scenario.chargedShare(models[0].measured, processors)
      let part =
        share < 1
        ? ", of which \(models[0].measured.threads) of \(processors ?? models[0].measured.processors) processors are charged"
        : ""
      return "rented, $\(short(dollars.value)) an hour\(part)"
    case .owned(let owned):
      return
        "owned, $\(short(owned.capexDollars.value)) over \(short(owned.lifeYears.value)) years, of which \(short(owned.share.value)) is charged"
    }
  }

  private func notes() -> [String] {
    var notes: [String] = []
    for model in models where model.outside.tasks > 0 {
      let how = scenario.outside == .clip ? "counted as if on its edge" : "extrapolated"
      notes.append(
        "\(model.name): \(percent(model.outside.tasks)) of the tasks, \(percent(model.outside.tokens)) of the tokens and "
          + "\(percent(model.outside.dollars)) of the cost lie outside of what was measured, and are \(how)")
    }
    for record in used() {
      for warning in record.curves.prefill.warnings + record.curves.decode.warnings where warning.code != "few-units" {
        notes.append("record '\(record.name)': \(warning.message)")
      }
    }
    return notes
  }
}

/// What the work of a strategy's tasks depends on.
private struct CountKey: Hashable {
  private let record: String
  private let sequences: Int
  private let factors: [Quantity]
  private let shares: [Quantity?]

  init(_ levers: Scenario.Levers, _ measured: MeasuredCosts, _ sequences: Int) {
    record = measured.name
    self.sequences = sequences
    factors = [levers.inputFactor, levers.outputFactor, levers.reasoningFactor].map { factor in
      // An exact factor is the same wherever it stands.
      factor.isExact ? Quantity(factor.value) : factor
    }
    shares = [levers.hitShare, levers.success].map { share in
      share.map { $0.isExact ? Quantity($0.value) : $0 }
    }
  }
}

func percent(_ share: Double) -> String {
  share > 0 && share < 0.0005 ? "less than 0.1 %" : "\((share * 1000).rounded() / 10) %"
}

extension StrategyModel {
  /// What a reader waits too long for; nil where nothing is.
  func lateness(_ limits: Scenario.Latency) -> String? {
    func ms(_ seconds: Double) -> String { "\((seconds * 10_000).rounded() / 10) ms" }
    if let limit = limits.outputTokenSeconds {
      guard let wait = outputTokenWait else { return "\(sequences) sequences: no step was timed" }
      if wait.p95Seconds > limit {
        return
          "\(sequences) sequence\(sequences == 1 ? "" : "s"): p95 of an output token is \(ms(wait.p95Seconds)) at context \(wait.place.context)"
      }
    }
    if let limit = limits.firstTokenSeconds, let seconds = firstTokenSeconds, seconds > limit {
      return
        "\(sequences) sequence\(sequences == 1 ? "" : "s"): p95 of the first token of the mean request is \(ms(seconds))"
    }
    return nil
  }
}

extension Scenario.Levers {
  static let none = Scenario.Levers(
    priceFactor: Quantity(1), inputFactor: Quantity(1), outputFactor: Quantity(1), reasoningFactor: Quantity(1),
    hitShare: nil, success: nil, sequences: nil, record: nil, batchShare: Quantity(0))
}
