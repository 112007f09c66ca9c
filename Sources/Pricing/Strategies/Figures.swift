/// A figure of a strategy: its key, how it is taken of an outcome, and the parts of the scenario that it rests on.
struct StrategyFigure: Sendable {
  var key: String
  var parts: [Scenario.Part]
  var absence: String
  var of: @Sendable (Outcome) -> Double

  init(
    _ key: String, _ parts: [Scenario.Part], absence: String = "nothing is asked for",
    _ of: @escaping @Sendable (Outcome) -> Double
  ) {
    self.key = key
    self.parts = parts
    self.absence = absence
    self.of = of
  }

  private static let asked: [Scenario.Part] = [.workload, .plans, .demand, .levers]
  private static let run: [Scenario.Part] = asked + [.host, .fleet]

  static let all: [StrategyFigure] = [
    .init("revenue_dollars", asked) { $0.revenue },
    .init("cost_dollars", run) { $0.cost },
    .init("profit_dollars", run) { $0.profit },
    .init("margin_share", run, absence: "nothing is earned") { $0.marginShare },
    .init("tasks_served", asked + [.fleet]) { $0.tasksServed },
    .init("tasks_lost", asked + [.fleet]) { $0.tasksLost },
    .init("success_share", [.workload, .levers]) { $0.successShare },
    .init("average_dollars_per_task", run) { $0.perTask.average },
    .init("average_dollars_per_successful_task", run) { $0.perTask.average / $0.successShare },
    .init("marginal_dollars_per_task", [.workload, .host, .fleet, .levers]) { $0.perTask.marginalLongRun },
    .init("marginal_dollars_per_successful_task", [.workload, .host, .fleet, .levers]) {
      $0.perTask.marginalLongRun / $0.successShare
    },
    .init("marginal_dollars_per_task_fleet_as_it_is", [.workload, .host, .levers]) { $0.perTask.marginalShortRun },
    .init("dollars_per_million_input_tokens", run, absence: "no input token is read anew") {
      $0.dollarsPerMillion.input
    },
    .init("dollars_per_million_cached_tokens", run, absence: "no input token is cached") {
      $0.dollarsPerMillion.cached
    },
    .init("dollars_per_million_reasoning_tokens", run, absence: "there is no reasoning") {
      $0.dollarsPerMillion.reasoning
    },
    .init("dollars_per_million_output_tokens", run, absence: "there is no output") { $0.dollarsPerMillion.output },
    .init("joules_per_task", run, absence: "the record has no energy") { $0.joulesPerTask },
    .init("joules_per_successful_task", run, absence: "the record has no energy") {
      $0.joulesPerTask / $0.successShare
    },
    .init(
      "grams_co2e_per_successful_task", run + [.footprint], absence: "no footprint.grams_co2e_per_kwh, or no energy"
    ) {
      $0.gramsPerTask / $0.successShare
    },
    .init("hosts", asked + [.fleet]) { $0.hosts },
    .init("busy_share", asked + [.fleet]) { $0.busyShare },
    .init("customer_dollars_per_successful_task", [.workload, .plans, .levers]) { $0.customerPrice },
    .init("incentive_dollars_fleet_as_it_is", run, absence: "there is no output") { $0.incentiveShortRun },
    .init("incentive_dollars_fleet_follows", run, absence: "there is no output") { $0.incentiveLongRun },
    .init(
      "elasticity_at_which_the_incentive_changes_sign", run,
      absence: "the customer's price of a task does not go with its words, or demand does not answer"
    ) { $0.flippingElasticity },
  ]
}
