extension Scenario {
  /// A larger file is refused before it is read.
  package static let mostBytes = 64 << 20
  package static let mostTaskTypes = 1_000_000

  /// Reads a scenario. Errors name the key and the line.
  package init(json5 text: some Collection<UInt8>) throws(ScenarioError) {
    guard text.count <= Self.mostBytes else {
      throw ScenarioError("", "\(text.count) bytes; a scenario has at most \(Self.mostBytes)")
    }
    let root: JSON5.Node
    do throws(JSON5.Flaw) {
      root = try JSON5.parse(text)
    } catch {
      throw ScenarioError("", line: error.line, error.reason)
    }
    var fields = try Fields(root, "")
    try Self.checkSchema(&fields)
    name = try fields.requiredText("name")
    note = try fields.text("note")
    records = try Self.records(&fields)
    host = try Host(&fields)
    fleet = try FleetTerms(&fields)
    latency = try Latency(&fields)
    footprint = try FootprintTerms(&fields)
    workload = try Workload(&fields)
    plans = try Self.plans(&fields)
    demand = try DemandTerms(&fields)
    strategies = try Self.strategies(&fields)
    draws = try fields.whole("draws", in: 200...1_000_000) ?? 2000
    seed = try fields.whole("seed", in: 0...(1 << 53)) ?? 1
    level =
      try fields.number("level", in: NumberRange(low: 0.5, high: 0.999, words: "a number from 0.5 to 0.999")) ?? 0.95
    outside = try fields.choice("outside", Outside.self) ?? .refuse
    try fields.refuseTheRest()
    try checkNames(fields)
  }

  private static func checkSchema(_ fields: inout Fields) throws(ScenarioError) {
    let schema = try fields.requiredText("schema")
    guard schema == Self.schema else { throw fields.error("schema", "is '\(schema)'; read here is \(Self.schema)") }
    guard let version = try fields.whole("schema_version", in: 0...1_000_000) else {
      throw fields.error("schema_version", "is missing; write 1")
    }
    guard versions.contains(version) else {
      throw fields.error("schema_version", "is \(version); read here is \(versions.lowerBound)")
    }
  }

  private static func records(_ fields: inout Fields) throws(ScenarioError) -> [Record] {
    var records: [Record] = []
    for (index, node) in try fields.list("records", atLeast: 1, most: 1000).enumerated() {
      var item = try Fields(node, "records[\(index)]")
      records.append(
        Record(
          name: try item.requiredText("name"), directory: try item.requiredText("directory"),
          model: try item.text("model"), format: try item.text("format"),
          threads: try item.whole("threads", in: 1...4096), isa: try item.text("isa"),
          loss: try item.quantity("loss", in: .zeroOrMore)))
      try item.refuseTheRest()
    }
    return records
  }

  private static func plans(_ fields: inout Fields) throws(ScenarioError) -> [NamedPlan] {
    var plans: [NamedPlan] = []
    for (index, node) in try fields.list("plans", atLeast: 1, most: 1000).enumerated() {
      var item = try Fields(node, "plans[\(index)]")
      let name = try item.requiredText("name")
      plans.append(NamedPlan(name: name, plan: try Plan(&item)))
      try item.refuseTheRest()
    }
    return plans
  }

  private static func strategies(_ fields: inout Fields) throws(ScenarioError) -> [Strategy] {
    var strategies: [Strategy] = []
    for (index, node) in try fields.list("strategies", atLeast: 1, most: 100).enumerated() {
      var item = try Fields(node, "strategies[\(index)]")
      strategies.append(
        Strategy(
          name: try item.requiredText("name"), plan: try item.requiredText("plan"), levers: try Levers(&item)))
      try item.refuseTheRest()
    }
    return strategies
  }

  /// Names that stand for something must be of something, and of one thing.
  private func checkNames(_ fields: Fields) throws(ScenarioError) {
    func unique(_ names: [String], _ list: String) throws(ScenarioError) {
      var seen: Set<String> = []
      for (index, name) in names.enumerated() where !seen.insert(name).inserted {
        throw ScenarioError("\(list)[\(index)].name", "'\(name)' is the name of another one too; names must differ")
      }
    }
    try unique(records.map(\.name), "records")
    try unique(plans.map(\.name), "plans")
    try unique(strategies.map(\.name), "strategies")
    try unique(workload.tasks.map(\.name), "workload.tasks")
    func known(_ name: String, among names: [String], _ path: String) throws(ScenarioError) {
      if names.contains(name) { return }
      throw ScenarioError(path, "names '\(name)', which is not there; there are \(names.joined(separator: ", "))")
    }
    for (index, strategy) in strategies.enumerated() {
      try known(strategy.plan, among: plans.map(\.name), "strategies[\(index)].plan")
      if let record = strategy.levers.record {
        try known(record, among: records.map(\.name), "strategies[\(index)].levers.records")
      }
    }
    if let demand { try known(demand.referencePlan, among: plans.map(\.name), "demand.reference_plan") }
    let hasUsers = plans.contains { if case .subscription = $0.plan { true } else { false } }
    if workload.tasksPerMonth == nil, workload.log == nil, !hasUsers {
      throw ScenarioError(
        "workload.tasks_per_month", "is missing; no log counts the tasks and no plan has users that make them")
    }
    let columns = workload.tasks.flatMap(\.counts).compactMap { count -> String? in
      if case .column = count.shape { count.path } else { nil }
    }
    if let path = columns.first, workload.log == nil {
      throw ScenarioError(path, "names a column, and workload.log no file; name the log")
    }
  }
}

extension Scenario.Host {
  fileprivate init(_ fields: inout Fields) throws(ScenarioError) {
    guard var host = try fields.fields("host") else { throw fields.error("host", "is missing; it has no default") }
    let rented = try host.fields("rented")
    let owned = try host.fields("owned")
    try host.refuseTheRest()
    switch (rented, owned) {
    case (var rented?, nil):
      self = .rented(
        dollarsPerHour: try rented.requiredQuantity("dollars_per_hour", in: .zeroOrMore),
        processors: try rented.whole("processors", in: 1...65536))
      try rented.refuseTheRest()
    case (nil, var owned?):
      self = .owned(try Scenario.Owned(&owned))
      try owned.refuseTheRest()
    case (nil, nil): throw fields.error("host", "is neither rented nor owned; give one of them")
    default: throw fields.error("host", "is rented and owned; give one: an hour is never paid for twice")
    }
  }
}

extension Scenario.Owned {
  fileprivate init(_ fields: inout Fields) throws(ScenarioError) {
    capexDollars = try fields.requiredQuantity("capex_dollars", in: .zeroOrMore)
    residualDollars = try fields.quantity("residual_dollars", in: .zeroOrMore, default: 0)
    lifeYears = try fields.requiredQuantity("life_years", in: .above0)
    discountRate = try fields.requiredQuantity("discount_rate", in: .share)
    fixedOpexDollarsPerYear = try fields.quantity("fixed_opex_dollars_per_year", in: .zeroOrMore, default: 0)
    idleWatts = try fields.quantity("idle_watts", in: .zeroOrMore)
    busyWatts = try fields.quantity("busy_watts", in: .zeroOrMore)
    dollarsPerKilowattHour = try fields.requiredQuantity("dollars_per_kwh", in: .zeroOrMore)
    share = try fields.quantity("share", in: .positiveShare, default: 1)
    guard (idleWatts == nil) == (busyWatts == nil) else {
      let missing = idleWatts == nil ? "idle_watts" : "busy_watts"
      throw fields.error(missing, "is missing beside the other; give both watts, or neither for those of the record")
    }
    if let idleWatts, let busyWatts, idleWatts.value > busyWatts.value {
      throw fields.error("busy_watts", "is below idle_watts")
    }
    if residualDollars.value > capexDollars.value {
      throw fields.error("residual_dollars", "is more than capex_dollars")
    }
  }
}

extension Scenario.FleetTerms {
  fileprivate init(_ fields: inout Fields) throws(ScenarioError) {
    enum Mode: String, CaseIterable { case elastic, fixed }
    guard var fleet = try fields.fields("fleet") else {
      self = Scenario.FleetTerms(mostBusyShare: Quantity(0.7), sequences: 1)
      return
    }
    let mode = try fleet.choice("mode", Mode.self) ?? .elastic
    let fixedHosts = try fleet.whole("hosts", in: 1...1_000_000_000)
    let mostBusyShare = try fleet.quantity("most_busy_share", in: .positiveShare, default: 0.7)
    var sequences: Int?
    let isCheapest = if case .string("cheapest")? = fleet.node("sequences")?.value { true } else { false }
    if !isCheapest { sequences = try fleet.whole("sequences", in: 1...65536) ?? 1 }
    self = Scenario.FleetTerms(fixedHosts: fixedHosts, mostBusyShare: mostBusyShare, sequences: sequences)
    try fleet.refuseTheRest()
    if mode == .fixed, fixedHosts == nil {
      throw fleet.error("hosts", "is missing; a fixed fleet has a number of hosts")
    }
    if mode == .elastic, fixedHosts != nil {
      throw fleet.error("hosts", "has no meaning in an elastic fleet; leave it out, or write mode: \"fixed\"")
    }
  }
}

extension Scenario.Latency {
  fileprivate init(_ fields: inout Fields) throws(ScenarioError) {
    guard var latency = try fields.fields("latency") else {
      self = Scenario.Latency()
      return
    }
    self = Scenario.Latency(
      outputTokenSeconds: try latency.number("time_per_output_token_ms_p95", in: .above0).map { $0 / 1000 },
      firstTokenSeconds: try latency.number("time_to_first_token_ms_p95", in: .above0).map { $0 / 1000 })
    try latency.refuseTheRest()
  }
}

extension Scenario.FootprintTerms {
  fileprivate init?(_ fields: inout Fields) throws(ScenarioError) {
    guard var footprint = try fields.fields("footprint") else { return nil }
    powerUsageEffectiveness = try footprint.quantity("pue", in: .oneOrMore, default: 1)
    gramsPerKilowattHour = try footprint.quantity("grams_co2e_per_kwh", in: .zeroOrMore)
    embodiedKilograms = try footprint.quantity("embodied_kg", in: .zeroOrMore, default: 0)
    lifeYears = try footprint.quantity("life_years", in: .above0, default: 5)
    share = try footprint.quantity("share", in: .positiveShare, default: 1)
    try footprint.refuseTheRest()
  }
}

extension Scenario.Workload {
  fileprivate init(_ fields: inout Fields) throws(ScenarioError) {
    guard var workload = try fields.fields("workload") else {
      throw fields.error("workload", "is missing; it has no default")
    }
    tasksPerMonth = try workload.quantity("tasks_per_month", in: .zeroOrMore)
    log = try workload.text("log")
    let nodes = try workload.list("tasks", atLeast: 1, most: Scenario.mostTaskTypes)
    tasks = []
    tasks.reserveCapacity(nodes.count)
    for (index, node) in nodes.enumerated() {
      var item = try Fields(node, "workload.tasks[\(index)]")
      tasks.append(try TaskType(&item, equalShare: 1 / Double(nodes.count)))
    }
    try workload.refuseTheRest()
    let sum = tasks.reduce(0) { $0 + $1.share.value }
    guard (sum - 1).magnitude <= 1e-9 else {
      throw workload.error("tasks", "have shares that add up to \(short(sum)); they must add up to 1")
    }
  }
}

extension TaskType {
  fileprivate init(_ fields: inout Fields, equalShare: Double) throws(ScenarioError) {
    let turnsNode = fields.node("turns")
    self.init(
      name: try fields.requiredText("name"),
      share: try fields.quantity("share", in: .share, default: equalShare),
      input: try fields.requiredCount("input_tokens", in: .tokens),
      output: try fields.requiredCount("output_tokens", in: .tokens),
      reasoning: try fields.count("reasoning_tokens", in: .tokens) ?? Count(Quantity(0)),
      turns: try fields.count("turns", in: .turns) ?? Count(Quantity(1)),
      added: try fields.count("added_tokens_per_turn", in: .tokens),
      hitShare: try fields.quantity("cache_hit_share", in: .share, default: 0),
      success: try fields.quantity("success_probability", in: .positiveShare, default: 1),
      mostAttempts: try fields.whole("most_attempts", in: 1...1000) ?? 1,
      failedFactor: try fields.quantity("failed_cost_factor", in: .zeroOrMore, default: 1))
    if turnsNode != nil, added == nil {
      throw fields.error("added_tokens_per_turn", "is missing beside turns; say what each turn adds to the prompt")
    }
    if !share.isExact { throw fields.error("share", "has a range; a share of the tasks is exact") }
    try fields.refuseTheRest()
  }
}

extension Plan {
  fileprivate init(_ fields: inout Fields) throws(ScenarioError) {
    enum Kind: String, CaseIterable { case perToken = "per_token", perTask = "per_task", subscription }
    enum Charged: String, CaseIterable { case every, successful }
    guard let kind = try fields.choice("kind", Kind.self) else {
      throw fields.error("kind", "is missing; give per_token, per_task or subscription")
    }
    switch kind {
    case .perToken:
      let input = try fields.requiredQuantity("input_dollars_per_million", in: .zeroOrMore)
      let output = try fields.requiredQuantity("output_dollars_per_million", in: .zeroOrMore)
      self = .perToken(
        TokenPrices(
          inputPerMillion: input,
          cachedPerMillion: try fields.quantity("cached_input_dollars_per_million", in: .zeroOrMore) ?? input,
          outputPerMillion: output,
          reasoningPerMillion: try fields.quantity("reasoning_dollars_per_million", in: .zeroOrMore) ?? output,
          perRequest: try fields.quantity("dollars_per_request", in: .zeroOrMore, default: 0),
          batchFactor: try fields.quantity("batch_factor", in: .share, default: 1)))
    case .perTask:
      self = .perTask(
        dollars: try fields.requiredQuantity("dollars_per_task", in: .zeroOrMore),
        onlySuccessful: try fields.choice("charged", Charged.self) != .every)
    case .subscription: self = .subscription(try Subscription(&fields))
    }
  }
}

extension Subscription {
  fileprivate init(_ fields: inout Fields) throws(ScenarioError) {
    self.init(
      dollarsPerMonth: try fields.requiredQuantity("dollars_per_month", in: .zeroOrMore),
      users: try fields.requiredQuantity("users", in: .zeroOrMore),
      tasksPerUser: try fields.requiredCount("tasks_per_user_and_month", in: .tokens))
    if case .column = tasksPerUser.shape {
      throw fields.error("tasks_per_user_and_month", "is a column; a log of tasks has none of users")
    }
    if var cap = try fields.fields("cap") {
      switch (try cap.quantity("tasks", in: .zeroOrMore), try cap.quantity("tokens", in: .zeroOrMore)) {
      case (let tasks?, nil): self.cap = .tasks(tasks)
      case (nil, let tokens?): self.cap = .tokens(tokens)
      default: throw fields.error("cap", "needs one of tasks and tokens")
      }
      try cap.refuseTheRest()
    }
    if var overage = try fields.fields("overage") {
      let takeUp = try overage.requiredQuantity("take_up", in: .share)
      switch (
        try overage.quantity("dollars_per_task", in: .zeroOrMore),
        try overage.quantity("dollars_per_million_tokens", in: .zeroOrMore)
      ) {
      case (let task?, nil): self.overage = (.perTask(task), takeUp)
      case (nil, let tokens?): self.overage = (.perMillionTokens(tokens), takeUp)
      default: throw fields.error("overage", "needs one of dollars_per_task and dollars_per_million_tokens")
      }
      try overage.refuseTheRest()
      if cap == nil { throw fields.error("overage", "has no meaning without a cap") }
    }
  }
}

extension Scenario.DemandTerms {
  fileprivate init?(_ fields: inout Fields) throws(ScenarioError) {
    guard var demand = try fields.fields("demand") else { return nil }
    referencePlan = try demand.requiredText("reference_plan")
    on = try demand.choice("on", Price.self) ?? .perSuccessfulTask
    elasticity = try demand.requiredQuantity("elasticity", in: .zeroOrLess)
    try demand.refuseTheRest()
  }
}

extension Scenario.Levers {
  fileprivate init(_ strategy: inout Fields) throws(ScenarioError) {
    let path = strategy.name("levers")
    let none = try Fields(JSON5.Node(value: .object([]), line: strategy.line), path)
    var fields = try strategy.fields("levers") ?? none
    priceFactor = try fields.quantity("price_factor", in: .above0, default: 1)
    inputFactor = try fields.quantity("input_factor", in: .zeroOrMore, default: 1)
    outputFactor = try fields.quantity("output_factor", in: .zeroOrMore, default: 1)
    reasoningFactor = try fields.quantity("reasoning_factor", in: .zeroOrMore, default: 1)
    hitShare = try fields.quantity("cache_hit_share", in: .share)
    success = try fields.quantity("success_probability", in: .positiveShare)
    sequences = try fields.whole("sequences", in: 1...65536)
    record = try fields.text("records")
    batchShare = try fields.quantity("batch_share", in: .share, default: 0)
    try fields.refuseTheRest()
  }
}
