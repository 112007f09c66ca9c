import CostCurves
import Glibc

/// What a strategy comes to in a month, under one draw.
struct Outcome: Sendable {
  var tasksDemanded = 0.0
  var tasksServed = 0.0
  var successShare = 0.0
  var revenue = 0.0
  var cost = 0.0
  var hosts = 0.0
  var busyShare = 0.0
  var customerPrice = Double.nan
  var perTask = Perhaps()
  var dollarsPerMillion = PerMillion()
  var joulesPerTask = Double.nan
  var gramsPerTask = Double.nan
  /// What a tenth more output tokens earn in a month, over ln 1.1: dπ/d ln(output tokens).
  var incentiveShortRun = Double.nan
  var incentiveLongRun = Double.nan
  /// The elasticity at which the latter is zero; not a number where none makes it so.
  var flippingElasticity = Double.nan

  struct Perhaps: Sendable {
    /// What is paid, over the tasks served.
    var average = Double.nan
    /// What one more task costs while the fleet stays as it is, and where it follows.
    var marginalShortRun = Double.nan
    var marginalLongRun = Double.nan
  }

  struct PerMillion: Sendable {
    var input = Double.nan
    var cached = Double.nan
    var reasoning = Double.nan
    var output = Double.nan
  }

  var profit: Double { revenue - cost }
  var marginShare: Double { revenue > 0 ? profit / revenue : .nan }
  var tasksLost: Double { tasksDemanded - tasksServed }
}

/// A scenario with its strategies made ready.
package struct Evaluator: Sendable {
  let scenario: Scenario
  let models: [StrategyModel]
  /// The reference plan under no lever; nil where demand does not answer.
  let reference: StrategyModel?
  /// Plans of users under no lever, by strategy.
  let unlevered: [StrategyModel]
  /// The first strategy with each number of sequences that its record has steps of.
  let choices: [StrategyModel]
  /// Records with a loss, run for the tasks of the first strategy.
  let rated: [RatedRecord]
  /// Parts of the scenario that hold an example.
  let examples: Set<Scenario.Part>

  struct RatedRecord: Sendable {
    var loss: Quantity
    var model: StrategyModel
  }

  init(
    scenario: Scenario, models: [StrategyModel], reference: StrategyModel?, unlevered: [StrategyModel],
    choices: [StrategyModel], rated: [RatedRecord]
  ) {
    self.choices = choices
    self.rated = rated
    self.scenario = scenario
    self.models = models
    self.reference = reference
    self.unlevered = unlevered
    examples = Set(Scenario.Part.allCases.filter { scenario.hasExample($0) })
  }

  func outcome(_ index: Int, _ draw: Draw) -> Outcome {
    let model = models[index]
    let task = model.perTask(draw)
    let terms = Terms(self, index, draw)
    var outcome = Outcome()
    let sale = terms.sale(task)
    let load = terms.fleet.load(busySeconds: sale.tasks * task.seconds)
    outcome.tasksDemanded = sale.tasks
    outcome.tasksServed = sale.tasks * load.servedShare
    outcome.successShare = task.successes
    // Users pay their fee whether all they ask for is served or not.
    outcome.revenue = sale.fees + (sale.revenue - sale.fees) * load.servedShare
    outcome.hosts = load.hosts
    outcome.busyShare = load.busyShare
    outcome.cost = load.dollars(terms.hour)
    outcome.customerPrice = sale.customerPrice

    let added = task.seconds * terms.hour.addedSecond
    let following = task.seconds * terms.hour.busySecond(busyShare: terms.fleet.mostBusyShare)
    outcome.perTask.marginalShortRun = added
    outcome.perTask.marginalLongRun = following
    if outcome.tasksServed > 0 {
      outcome.perTask.average = outcome.cost / outcome.tasksServed
      let second = outcome.cost / (outcome.tasksServed * task.seconds)
      func perMillion(_ seconds: Double, _ tokens: Double) -> Double {
        tokens > 0 ? seconds / tokens * 1e6 * second : .nan
      }
      outcome.dollarsPerMillion.input = perMillion(task.inputSeconds, task.work.inputTokens)
      outcome.dollarsPerMillion.cached = perMillion(task.cachedSeconds, task.work.cachedTokens)
      outcome.dollarsPerMillion.reasoning = perMillion(task.reasoningSeconds, task.work.reasoningTokens)
      outcome.dollarsPerMillion.output = perMillion(task.outputSeconds, task.work.outputTokens)
      outcome.joulesPerTask = terms.joules(task, load, tasks: outcome.tasksServed)
      outcome.gramsPerTask = terms.grams(task, joules: outcome.joulesPerTask, busyShare: load.busyShare)
    }
    incentive(&outcome, model, terms, draw, hosts: load.hosts)
    return outcome
  }

  /// By answers a tenth longer and a tenth shorter: central differences over the logarithm of what the tokens then are.
  private func incentive(
    _ outcome: inout Outcome, _ model: StrategyModel, _ terms: Terms, _ draw: Draw, hosts: Double
  ) {
    let (longer, shorter) = (model.perTask(draw, .longer), model.perTask(draw, .shorter))
    let tokens = [longer, shorter].map { $0.work.outputTokens + $0.work.reasoningTokens }
    guard tokens[0] > tokens[1], tokens[1] > 0 else { return }
    let width = log(tokens[0] / tokens[1])
    func slope(_ mode: Fleet.Mode) -> Double {
      let fleet = Fleet(mode, mostBusyShare: terms.fleet.mostBusyShare)
      let profits = [longer, shorter].map { task in
        let sale = terms.sale(task)
        let load = fleet.load(busySeconds: sale.tasks * task.seconds)
        return sale.fees + (sale.revenue - sale.fees) * load.servedShare - load.dollars(terms.hour)
      }
      return (profits[0] - profits[1]) / width
    }
    outcome.incentiveShortRun = slope(.held(hosts))
    outcome.incentiveLongRun = slope(.following)
    // Profit is tasks times a margin m, and tasks go with the price to the power of the elasticity: the slope is zero where
    // dm + ε m d ln P is.
    guard scenario.demand != nil else { return }
    let second = terms.hour.busySecond(busyShare: terms.fleet.mostBusyShare)
    let margins = [longer, shorter].map { terms.sale($0).revenuePerTask - $0.seconds * second }
    let prices = [longer, shorter].map { log(terms.sale($0).customerPrice) }
    let mean = (margins[0] + margins[1]) / 2
    let response = prices[0] - prices[1]
    // A plan whose price does not go with words has none.
    if response.magnitude > 1e-9, mean != 0 {
      outcome.flippingElasticity = -(margins[0] - margins[1]) / (mean * response)
    }
  }
}

/// What a strategy's month is made of beside its tasks, under one draw.
private struct Terms {
  let model: StrategyModel
  let draw: Draw
  let hour: HourCost
  let fleet: Fleet
  private let scenario: Scenario
  /// Tasks at the reference price; nil for a plan of users.
  private let baseTasks: Double
  private let referencePrice: Double?
  /// What a user's tasks cost a customer under no lever.
  private let unleveredPrice: Double?

  struct Sale {
    var tasks: Double
    var revenue: Double
    /// Of the revenue, what is paid whatever is served.
    var fees: Double
    var customerPrice: Double
    var revenuePerTask: Double { tasks > 0 ? revenue / tasks : .nan }
  }

  init(_ evaluator: Evaluator, _ index: Int, _ draw: Draw) {
    model = evaluator.models[index]
    self.draw = draw
    scenario = evaluator.scenario
    hour = scenario.hour(draw, model.measured)
    fleet = Fleet(
      scenario.fleet.fixedHosts.map { .fixed($0) } ?? .elastic, mostBusyShare: draw(scenario.fleet.mostBusyShare))
    baseTasks = scenario.baseTasks(draw)
    if scenario.demand != nil, let reference = evaluator.reference {
      referencePrice = Self.price(reference, reference.perTask(draw), scenario, draw, users: 1)
    } else {
      referencePrice = nil
    }
    if scenario.demand != nil, case .subscription = model.plan {
      let plain = evaluator.unlevered[index]
      unleveredPrice = Self.price(plain, plain.perTask(draw), scenario, draw, users: 1)
    } else {
      unleveredPrice = nil
    }
  }

  /// What is asked for and paid at the price that the strategy has.
  func sale(_ task: StrategyModel.PerTask) -> Sale {
    let elasticity = scenario.demand.map { draw($0.elasticity) } ?? 0
    func answer(_ price: Double, _ reference: Double?, _ quantity: Double) -> Double {
      guard let reference, reference > 0, price > 0 else { return quantity }
      return PriceResponse(price: reference, quantity: quantity, elasticity: elasticity).quantity(at: price)
    }
    guard case .subscription(let terms) = model.plan else {
      let each = Self.revenue(model, task, draw)
      let price = Self.price(model, task, scenario, draw, users: 1)
      let tasks = answer(price, referencePrice, baseTasks)
      return Sale(
        tasks: tasks, revenue: tasks * each, fees: 0,
        customerPrice: task.successes > 0 ? each / task.successes : .nan)
    }
    let price = Self.price(model, task, scenario, draw, users: 1)
    let users = answer(price, unleveredPrice, draw(terms.users))
    let use = Self.use(terms, model, task, draw)
    return Sale(
      tasks: users * use.meanServed, revenue: users * use.revenue, fees: users * use.feeDollars,
      customerPrice: use.revenue / (use.meanServed * task.successes))
  }

  /// What demand answers: the customer's price of a successful task, or of a token.
  private static func price(
    _ model: StrategyModel, _ task: StrategyModel.PerTask, _ scenario: Scenario, _ draw: Draw, users: Double
  ) -> Double {
    var revenue: Double
    var tasks = 1.0
    if case .subscription(let terms) = model.plan {
      let use = use(terms, model, task, draw)
      (revenue, tasks) = (use.revenue, use.meanServed)
    } else {
      revenue = self.revenue(model, task, draw)
    }
    switch scenario.demand?.on {
    case .perToken: return revenue / (tasks * task.work.tokens)
    default: return revenue / (tasks * task.successes)
    }
  }

  /// What a task brings, paid by the token or by the task.
  private static func revenue(_ model: StrategyModel, _ task: StrategyModel.PerTask, _ draw: Draw) -> Double {
    let factor = draw(model.levers.priceFactor)
    switch model.plan {
    case .perToken(let prices):
      let waiting = draw(model.levers.batchShare)
      let tier = 1 - waiting + waiting * draw(prices.batchFactor)
      let work = task.work
      let tokens =
        (work.inputTokens * draw(prices.inputPerMillion) + work.cachedTokens * draw(prices.cachedPerMillion)
          + work.outputTokens * draw(prices.outputPerMillion) + work.reasoningTokens * draw(prices.reasoningPerMillion))
        / 1e6
      return factor * tier * (tokens + work.requests * draw(prices.perRequest))
    case .perTask(let dollars, let onlySuccessful):
      return factor * draw(dollars) * (onlySuccessful ? task.successes : 1)
    case .subscription: return .nan
    }
  }

  /// A month of a mean user. A cap in tokens stops after as many mean tasks as it has room for.
  private static func use(
    _ terms: Subscription, _ model: StrategyModel, _ task: StrategyModel.PerTask, _ draw: Draw
  ) -> CappedUse {
    let cap: Double =
      switch terms.cap {
      case nil: .infinity
      case .tasks(let tasks): draw(tasks)
      case .tokens(let tokens): task.work.tokens > 0 ? draw(tokens) / task.work.tokens : .infinity
      }
    let means = terms.tasksPerUser.drawn(draw).means(cappedAt: cap) ?? (0, 0)
    let overage: Double =
      switch terms.overage?.price {
      case nil: 0
      case .perTask(let dollars): draw(dollars)
      case .perMillionTokens(let dollars): draw(dollars) * task.work.tokens / 1e6
      }
    let factor = draw(model.levers.priceFactor)
    return CappedUse(
      feeDollars: factor * draw(terms.dollarsPerMonth), dollarsPerTask: 0, meanTasks: means.all,
      meanWithinCap: cap.isInfinite ? means.all : means.within, takeUp: terms.overage.map { draw($0.takeUp) } ?? 0,
      overageDollarsPerTask: factor * overage)
  }

  /// Joules at the host's plug: of its own watts where they are given, else of the record's phases.
  func joules(_ task: StrategyModel.PerTask, _ load: Fleet.Load, tasks: Double) -> Double {
    if case .owned(let owned) = scenario.host, let idle = owned.idleWatts, let busy = owned.busyWatts {
      let watts = draw(idle) + (draw(busy) - draw(idle)) * load.busyShare
      return draw(owned.share) * load.hosts * watts * load.hours * 3600 / tasks
    }
    guard let energy = model.measured.energy else { return .nan }
    let shares = draw.curves[model.measured.name]?.watts ?? [1, 1]
    return task.prefillSeconds * energy.prefillWatts.value * shares[0]
      + task.decodeSeconds * energy.decodeWatts.value * shares[1]
  }

  func grams(_ task: StrategyModel.PerTask, joules: Double, busyShare: Double) -> Double {
    guard let terms = scenario.footprint, let grams = terms.gramsPerKilowattHour else { return .nan }
    let isOfFacility = model.measured.energy?.isOfFacility ?? false
    let footprint = Footprint(
      powerUsageEffectiveness: isOfFacility ? 1 : draw(terms.powerUsageEffectiveness),
      gramsPerKilowattHour: draw(grams), embodiedKilograms: draw(terms.embodiedKilograms),
      lifeYears: draw(terms.lifeYears), share: scenario.embodiedShare(draw))
    return footprint.gramsOfUse(joules: joules)
      + footprint.gramsEmbodied(busySeconds: task.seconds, busyShare: busyShare)
  }
}

extension Scenario {
  /// What an hour of the host costs that a record's threads ran on.
  func hour(_ draw: Draw, _ measured: MeasuredCosts) -> HourCost {
    switch host {
    case .rented(let dollars, let processors):
      return HourCost(fixed: draw(dollars) * chargedShare(measured, processors))
    case .owned(let owned):
      let energy = measured.energy
      let busy =
        owned.busyWatts.map { draw($0) } ?? energy.map { ($0.prefillWatts.value + $0.decodeWatts.value) / 2 } ?? 0
      return OwnedHost(
        capexDollars: draw(owned.capexDollars), residualDollars: draw(owned.residualDollars),
        lifeYears: draw(owned.lifeYears), discountRate: draw(owned.discountRate),
        fixedOpexDollarsPerYear: draw(owned.fixedOpexDollarsPerYear),
        idleWatts: owned.idleWatts.map { draw($0) } ?? energy?.idleWatts ?? 0, busyWatts: busy,
        dollarsPerKilowattHour: draw(owned.dollarsPerKilowattHour),
        powerUsageEffectiveness: footprint.map { draw($0.powerUsageEffectiveness) } ?? 1
      ).hours(share: draw(owned.share))
    }
  }

  /// Of a rented host, the share of its processors that the record's threads ran on.
  func chargedShare(_ measured: MeasuredCosts, _ processors: Int?) -> Double {
    min(1, Double(measured.threads) / Double(processors ?? measured.processors))
  }

  fileprivate func embodiedShare(_ draw: Draw) -> Double {
    let share = footprint.map { draw($0.share) } ?? 1
    // A host that is shared is made for all who share it.
    if case .owned(let owned) = host, share == 1 { return draw(owned.share) }
    return share
  }

  var hasHostWatts: Bool { if case .owned(let owned) = host { owned.idleWatts != nil } else { false } }

  /// Tasks of a month at the reference price.
  func baseTasks(_ draw: Draw) -> Double {
    if let tasks = workload.tasksPerMonth { return draw(tasks) }
    for case .subscription(let terms) in plans.map(\.plan) {
      return draw(terms.users) * (terms.tasksPerUser.drawn(draw).means(cappedAt: .infinity)?.all ?? 0)
    }
    return 0
  }
}

extension Count {
  /// With its quantity as a draw has it.
  fileprivate func drawn(_ draw: Draw) -> Count {
    guard case .quantity(let quantity) = shape, !quantity.isExact else { return self }
    return Count(Quantity(draw(quantity), kind: kind, path: path))
  }
}
