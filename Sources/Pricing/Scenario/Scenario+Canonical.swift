/// A scenario as strict JSON, with all that was left out at its default.
extension Scenario {
  package var canonical: String {
    var root = Object()
    root["schema"] = .string(Self.schema)
    root["schema_version"] = .whole(1)
    root["name"] = .string(name)
    root["note"] = note.map { .string($0) }
    root["records"] = .list(
      records.map { record in
        var object = Object()
        object["name"] = .string(record.name)
        object["directory"] = .string(record.directory)
        object["model"] = record.model.map { .string($0) }
        object["format"] = record.format.map { .string($0) }
        object["threads"] = record.threads.map { .whole($0) }
        object["isa"] = record.isa.map { .string($0) }
        object["loss"] = record.loss.map { .of($0) }
        return object.value
      })
    root["host"] = host.canonical
    var terms = Object()
    terms["mode"] = .string(fleet.fixedHosts == nil ? "elastic" : "fixed")
    terms["hosts"] = fleet.fixedHosts.map { .whole($0) }
    terms["most_busy_share"] = .of(fleet.mostBusyShare)
    terms["sequences"] = fleet.sequences.map { .whole($0) } ?? .string("cheapest")
    root["fleet"] = terms.value
    if latency.outputTokenSeconds != nil || latency.firstTokenSeconds != nil {
      var object = Object()
      object["time_per_output_token_ms_p95"] = latency.outputTokenSeconds.map { .real($0 * 1000) }
      object["time_to_first_token_ms_p95"] = latency.firstTokenSeconds.map { .real($0 * 1000) }
      root["latency"] = object.value
    }
    if let footprint {
      var object = Object()
      object["pue"] = .of(footprint.powerUsageEffectiveness)
      object["grams_co2e_per_kwh"] = footprint.gramsPerKilowattHour.map { .of($0) }
      object["embodied_kg"] = .of(footprint.embodiedKilograms)
      object["life_years"] = .of(footprint.lifeYears)
      object["share"] = .of(footprint.share)
      root["footprint"] = object.value
    }
    var work = Object()
    work["tasks_per_month"] = workload.tasksPerMonth.map { .of($0) }
    work["log"] = workload.log.map { .string($0) }
    work["tasks"] = .list(workload.tasks.map(\.canonical))
    root["workload"] = work.value
    root["plans"] = .list(plans.map(\.canonical))
    if let demand {
      var object = Object()
      object["reference_plan"] = .string(demand.referencePlan)
      object["on"] = .string(demand.on.rawValue)
      object["elasticity"] = .of(demand.elasticity)
      root["demand"] = object.value
    }
    root["strategies"] = .list(
      strategies.map { strategy in
        var object = Object()
        object["name"] = .string(strategy.name)
        object["plan"] = .string(strategy.plan)
        object["levers"] = strategy.levers.canonical
        return object.value
      })
    root["draws"] = .whole(draws)
    root["seed"] = .whole(seed)
    root["level"] = .real(level)
    root["outside"] = .string(outside.rawValue)
    return root.value.text() + "\n"
  }
}

/// Members in the order in which they were set; those set to nil are left out.
private struct Object {
  private var members: [JSON5.Member] = []

  subscript(key: String) -> JSON5? {
    get { members.first { $0.key == key }?.node.value }
    set {
      if let newValue { members.append(JSON5.Member(key: key, node: JSON5.Node(value: newValue, line: 0))) }
    }
  }

  var value: JSON5 { .object(members) }
}

extension JSON5 {
  fileprivate static func whole(_ number: Int) -> JSON5 { .number(Double(number), isWhole: true) }
  fileprivate static func real(_ number: Double) -> JSON5 { .number(number, isWhole: number == number.rounded()) }
  fileprivate static func list(_ items: [JSON5]) -> JSON5 { .array(items.map { Node(value: $0, line: 0) }) }

  fileprivate static func of(_ quantity: Quantity) -> JSON5 {
    guard !quantity.isExact || quantity.kind == .example || quantity.source != nil || quantity.date != nil else {
      return .real(quantity.value)
    }
    var object = Object()
    object["value"] = .real(quantity.value)
    if !quantity.isExact {
      object["low"] = .real(quantity.low)
      object["high"] = .real(quantity.high)
    }
    object["kind"] = .string(quantity.kind.rawValue)
    object["source"] = quantity.source.map { .string($0) }
    object["date"] = quantity.date.map { .string($0) }
    return object.value
  }

  fileprivate static func of(_ count: Count) -> JSON5 {
    var object = Object()
    switch count.shape {
    case .quantity(let quantity): return .of(quantity)
    case .lognormal(let median, let p90):
      object["median"] = .real(median)
      object["p90"] = .real(p90)
    case .values(let values, let shares):
      object["values"] = .list(values.map { .real($0) })
      object["shares"] = .list(shares.map { .real($0) })
    case .column(let name): object["column"] = .string(name)
    }
    object["kind"] = .string(count.kind.rawValue)
    object["source"] = count.source.map { .string($0) }
    return object.value
  }

  /// Strict JSON, indented; what holds nothing but numbers and texts stands on one line.
  fileprivate func text(indent: String = "") -> String {
    let inner = indent + "  "
    func lines(_ items: [String], _ open: String, _ close: String, isFlat: Bool) -> String {
      if items.isEmpty { return open + close }
      return isFlat
        ? "\(open) \(items.joined(separator: ", ")) \(close)"
        : "\(open)\n" + items.map { inner + $0 }.joined(separator: ",\n") + "\n\(indent)\(close)"
    }
    switch self {
    case .object(let members):
      let isFlat = indent.count > 2 && members.allSatisfy { $0.node.value.isPlain }
      return lines(
        members.map { "\(JSON5.quoted($0.key)): \($0.node.value.text(indent: inner))" }, "{", "}", isFlat: isFlat)
    case .array(let items):
      return lines(
        items.map { $0.value.text(indent: inner) }, "[", "]", isFlat: items.allSatisfy { $0.value.isPlain })
    case .string(let text): return JSON5.quoted(text)
    case .number(let value, _): return short(value)
    case .bool(let value): return value ? "true" : "false"
    case .null: return "null"
    }
  }

  private var isPlain: Bool {
    switch self {
    case .object, .array: false
    default: true
    }
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

extension Scenario.Host {
  fileprivate var canonical: JSON5 {
    var host = Object()
    var inner = Object()
    switch self {
    case .rented(let dollars, let processors):
      inner["dollars_per_hour"] = .of(dollars)
      inner["processors"] = processors.map { .whole($0) }
      host["rented"] = inner.value
    case .owned(let owned):
      inner["capex_dollars"] = .of(owned.capexDollars)
      inner["residual_dollars"] = .of(owned.residualDollars)
      inner["life_years"] = .of(owned.lifeYears)
      inner["discount_rate"] = .of(owned.discountRate)
      inner["fixed_opex_dollars_per_year"] = .of(owned.fixedOpexDollarsPerYear)
      inner["idle_watts"] = owned.idleWatts.map { .of($0) }
      inner["busy_watts"] = owned.busyWatts.map { .of($0) }
      inner["dollars_per_kwh"] = .of(owned.dollarsPerKilowattHour)
      inner["share"] = .of(owned.share)
      host["owned"] = inner.value
    }
    return host.value
  }
}

extension TaskType {
  fileprivate var canonical: JSON5 {
    var object = Object()
    object["name"] = .string(name)
    object["share"] = .of(share)
    object["input_tokens"] = .of(input)
    object["output_tokens"] = .of(output)
    object["reasoning_tokens"] = .of(reasoning)
    if let added {
      object["turns"] = .of(turns)
      object["added_tokens_per_turn"] = .of(added)
    }
    object["cache_hit_share"] = .of(hitShare)
    object["success_probability"] = .of(success)
    object["most_attempts"] = .whole(mostAttempts)
    object["failed_cost_factor"] = .of(failedFactor)
    return object.value
  }
}

extension Scenario.NamedPlan {
  fileprivate var canonical: JSON5 {
    var object = Object()
    object["name"] = .string(name)
    switch plan {
    case .perToken(let prices):
      object["kind"] = .string("per_token")
      object["input_dollars_per_million"] = .of(prices.inputPerMillion)
      object["cached_input_dollars_per_million"] = .of(prices.cachedPerMillion)
      object["output_dollars_per_million"] = .of(prices.outputPerMillion)
      object["reasoning_dollars_per_million"] = .of(prices.reasoningPerMillion)
      object["dollars_per_request"] = .of(prices.perRequest)
      object["batch_factor"] = .of(prices.batchFactor)
    case .perTask(let dollars, let onlySuccessful):
      object["kind"] = .string("per_task")
      object["dollars_per_task"] = .of(dollars)
      object["charged"] = .string(onlySuccessful ? "successful" : "every")
    case .subscription(let terms):
      object["kind"] = .string("subscription")
      object["dollars_per_month"] = .of(terms.dollarsPerMonth)
      object["users"] = .of(terms.users)
      object["tasks_per_user_and_month"] = .of(terms.tasksPerUser)
      if let cap = terms.cap {
        var inner = Object()
        switch cap {
        case .tasks(let tasks): inner["tasks"] = .of(tasks)
        case .tokens(let tokens): inner["tokens"] = .of(tokens)
        }
        object["cap"] = inner.value
      }
      if let (price, takeUp) = terms.overage {
        var inner = Object()
        switch price {
        case .perTask(let dollars): inner["dollars_per_task"] = .of(dollars)
        case .perMillionTokens(let dollars): inner["dollars_per_million_tokens"] = .of(dollars)
        }
        inner["take_up"] = .of(takeUp)
        object["overage"] = inner.value
      }
    }
    return object.value
  }
}

extension Scenario.Levers {
  fileprivate var canonical: JSON5 {
    var object = Object()
    object["price_factor"] = .of(priceFactor)
    object["input_factor"] = .of(inputFactor)
    object["output_factor"] = .of(outputFactor)
    object["reasoning_factor"] = .of(reasoningFactor)
    object["cache_hit_share"] = hitShare.map { .of($0) }
    object["success_probability"] = success.map { .of($0) }
    object["sequences"] = sequences.map { .whole($0) }
    object["records"] = record.map { .string($0) }
    object["batch_share"] = .of(batchShare)
    return object.value
  }
}
