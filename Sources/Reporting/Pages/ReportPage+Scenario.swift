import Pricing
import Quantities
import Statistics

/// What the strategies of a scenario come to. Strategies are numbered, so that tables have room for figures.
extension ReportPage {
  package mutating func add(_ result: ScenarioResult) {
    field("scenario", result.name.printable)
    for record in result.records { field("record", "\(record.name): \(record.label)".printable) }
    for record in result.records {
      let energy = record.energy ?? "absent: \(record.energyAbsentReason ?? "not known")"
      field(
        "energy",
        "\(record.name): \(result.hasHostWatts ? "by the watts that the scenario gives its host" : energy)".printable)
    }
    field("host", result.host)
    let tally = result.inputs
    field(
      "inputs",
      "\(tally.measured) measured, \(tally.given) given, \(tally.example) example"
        + (tally.example == 1 ? "" : "s"))
    add(.section("Strategies"))
    for (index, strategy) in result.strategies.enumerated() {
      let batch = strategy.sequences == 1 ? "one sequence" : "\(strategy.sequences) sequences"
      add(
        .entry(
          "\(index + 1)", "\(strategy.name): plan \(strategy.plan), record \(strategy.record), \(batch)".printable))
    }
    let strategies = result.strategies
    table(
      "A month", strategies,
      [
        Shown("revenue $", "revenue_dollars"), Shown("cost $", "cost_dollars"), Shown("profit $", "profit_dollars"),
        Shown("margin %", "margin_share", factor: 0.01),
      ])
    table(
      "A thousand successful tasks, in $", strategies,
      [
        Shown("cost", "average_dollars_per_successful_task", factor: 1e-3),
        Shown("marginal cost", "marginal_dollars_per_successful_task", factor: 1e-3),
        Shown("customer pays", "customer_dollars_per_successful_task", factor: 1e-3),
      ])
    table(
      "Cost of a million tokens, in $", strategies,
      [
        Shown("input", "dollars_per_million_input_tokens"), Shown("cached", "dollars_per_million_cached_tokens"),
        Shown("reasoning", "dollars_per_million_reasoning_tokens", isOptional: true),
        Shown("output", "dollars_per_million_output_tokens"),
      ])
    table(
      "Fleet and tasks", strategies,
      [
        Shown("hosts", "hosts"), Shown("busy %", "busy_share", factor: 0.01),
        Shown("tasks, thousand", "tasks_served", factor: 1e3),
        Shown("lost, thousand", "tasks_lost", factor: 1e3),
      ])
    table(
      "Energy and emissions of a successful task", strategies,
      [
        Shown("J", "joules_per_successful_task"),
        Shown("g CO2e", "grams_co2e_per_successful_task", isOptional: true),
      ])
    incentives(strategies)
    operatingPoints(result)
    quality(result)
    decision(result)
    for note in result.notes { add(.remark(note.printable)) }
    add(
      .note(
        "[low, high] and ± hold \(Unit.share.text(result.level)) of \(result.draws) draws of all that is uncertain, the same for each "
          + "strategy. Marginal: one more task where the fleet follows demand. (example): the figures rest on an input that is "
          + "an example and no measurement or price of yours."))
  }

  /// A figure of the results, in a unit that is `factor` of its own.
  private struct Shown {
    var title: String
    var key: String
    var factor: Double
    /// Left out where no strategy has it.
    var isOptional: Bool

    init(_ title: String, _ key: String, factor: Double = 1, isOptional: Bool = false) {
      self.title = title
      self.key = key
      self.factor = factor
      self.isOptional = isOptional
    }
  }

  private mutating func table(_ title: String, _ strategies: [ScenarioResult.StrategyResult], _ columns: [Shown]) {
    let kept = columns.filter { column in !column.isOptional || strategies.contains { $0.figures[column.key] != nil } }
    var table = TextTable([TextTable.text("")] + kept.map { TextTable.figure($0.title) })
    for (index, strategy) in strategies.enumerated() {
      table.add(
        ["\(index + 1)"]
          + kept.map { column in strategy.figures[column.key].map { $0.text(factor: column.factor) } ?? "none" })
    }
    let isExample = strategies.contains { strategy in
      kept.contains { strategy.figures[$0.key]?.restsOnExample ?? false }
    }
    var notes: [String] = []
    for column in kept {
      for strategy in strategies {
        if let reason = strategy.absent[column.key] {
          let note = "\(column.title): none where \(reason)"
          if !notes.contains(note) { notes.append(note) }
        }
      }
    }
    add(.table(title + (isExample ? " (example)" : ""), table, notes: notes))
  }

  private mutating func incentives(_ strategies: [ScenarioResult.StrategyResult]) {
    table(
      "What 1 % more output words earn a month, in $", strategies,
      [
        Shown("fleet as it is", "incentive_dollars_fleet_as_it_is", factor: 100),
        Shown("fleet follows", "incentive_dollars_fleet_follows", factor: 100),
        Shown("turns at elasticity", "elasticity_at_which_the_incentive_changes_sign"),
      ])
    for (index, strategy) in strategies.enumerated() {
      if let context = strategy.lossFromContextTokens {
        add(.remark("\(index + 1): from context \(context) on an output token costs more than it is sold for"))
      }
    }
  }

  private mutating func operatingPoints(_ result: ScenarioResult) {
    guard result.operatingPoints.count > 1 else { return }
    var table = TextTable([
      TextTable.text("sequences"), TextTable.figure("p95 ms/token"), TextTable.figure("$ per thousand tasks"),
      TextTable.text("latency"), TextTable.text(""),
    ])
    for point in result.operatingPoints {
      table.add([
        "\(point.sequences)", point.timePerOutputTokenMsP95?.significant(3) ?? "not timed",
        (point.marginalDollarsPerTask * 1000).significant(3), point.meetsLatency ? "met" : "not met",
        point.isTaken ? "taken by 1" : "",
      ])
    }
    let isExample = result.operatingPoints.contains(where: \.restsOnExample)
    add(.table("Cost against speed for each reader, of 1\(isExample ? " (example)" : "")", table, notes: []))
  }

  private mutating func quality(_ result: ScenarioResult) {
    for (index, strategy) in result.strategies.enumerated() {
      if let other = strategy.dominatedBy {
        add(
          .remark(
            "\(index + 1) is dominated: a successful task costs no more under '\(other)', and no fewer succeed"
              .printable))
      }
    }
    guard !result.quality.isEmpty else { return }
    var table = TextTable([
      TextTable.text("record"), TextTable.figure("nats/token"), TextTable.figure("$/1000 tasks"),
      TextTable.figure("$/M output"), TextTable.text("dominated by"),
    ])
    for point in result.quality {
      table.add([
        point.record, point.loss.significant(4), point.marginalDollarsPerTask.text(factor: 1e-3),
        point.dollarsPerMillionOutputTokens.text(factor: 1), point.dominatedBy ?? "none",
      ])
    }
    let isExample = result.quality.contains { $0.restsOnExample || $0.marginalDollarsPerTask.restsOnExample }
    add(.table("What quality (less loss) costs, for the tasks of 1\(isExample ? " (example)" : "")", table, notes: []))
  }

  private mutating func decision(_ result: ScenarioResult) {
    add(.section("Decision"))
    for (index, strategy) in result.strategies.enumerated() {
      let share = (strategy.probabilityOfBeingBest * 100).fixed(1)
      var text = "earns most in \(share) % of the draws"
      if let difference = strategy.profitDifference {
        text += "; profit beside that of 1: \(difference.text(factor: 1)) $"
      }
      add(.entry("\(index + 1)", text))
    }
    guard let best = result.strategies.first(where: { $0.name == result.decision.best }) else { return }
    let isExample = best.figures["profit_dollars"]?.restsOnExample ?? false
    var table = TextTable([
      TextTable.text("input"), TextTable.figure("at its low end"), TextTable.figure("at its high end"),
    ])
    for swing in best.tornado.prefix(8) {
      table.add([swing.input, swing.low.significant(3), swing.high.significant(3)])
    }
    add(
      .table(
        "What moves the profit of '\(best.name)', in $\(isExample ? " (example)" : "")".printable, table, notes: []))
    if result.decision.changes.isEmpty {
      add(.remark("no input alone makes another strategy best within its bounds"))
    }
    for change in result.decision.changes {
      add(.remark("\(change.input) at its \(change.end) end: '\(change.best)' is best".printable))
    }
  }
}

extension ScenarioResult.Figure {
  /// In a unit that is `factor` of its own.
  fileprivate func text(factor: Double) -> String {
    if low == high {
      let exact = value / factor
      return exact == exact.rounded() && exact.magnitude < 1e9 ? exact.fixed(0) : exact.significant(4)
    }
    let text = Unit.bare(Estimate(value, Interval(low: low, high: high, level: 0.95), method: .exact), factor: factor)
    // What rounds to nothing has no sign.
    return text.replacing(/-(0(?:\.0+)?)(?![\d.])/) { $0.output.1 }
  }
}
