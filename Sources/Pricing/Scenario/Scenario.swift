/// A question of price: what is run on which host, for which work, under which plans and strategies.
package struct Scenario: Sendable {
  package static let schema = "inferometer.scenario"
  package static let versions = 1...1

  package var name: String
  package var note: String?
  /// The first is the base.
  package var records: [Record]
  package var host: Host
  package var fleet: FleetTerms
  package var latency: Latency
  package var footprint: FootprintTerms?
  package var workload: Workload
  package var plans: [NamedPlan]
  package var demand: DemandTerms?
  package var strategies: [Strategy]
  package var draws: Int
  package var seed: Int
  package var level: Double
  package var outside: Outside
}

extension Scenario {
  /// A results directory, and which of its subjects is meant.
  package struct Record: Hashable, Sendable {
    package var name: String
    package var directory: String
    package var model: String?
    package var format: String?
    package var threads: Int?
    package var isa: String?
    /// Nats per token of a text, as `score` finds them; nil where quality is not set against cost.
    package var loss: Quantity?
  }

  package enum Host: Sendable {
    case rented(dollarsPerHour: Quantity, processors: Int?)
    case owned(Owned)
  }

  package struct Owned: Sendable {
    package var capexDollars: Quantity
    package var residualDollars: Quantity
    package var lifeYears: Quantity
    package var discountRate: Quantity
    package var fixedOpexDollarsPerYear: Quantity
    /// Nil for what the record's energy says.
    package var idleWatts: Quantity?
    package var busyWatts: Quantity?
    package var dollarsPerKilowattHour: Quantity
    package var share: Quantity
  }

  package struct FleetTerms: Sendable {
    /// Nil where hosts follow the demand.
    package var fixedHosts: Int?
    package var mostBusyShare: Quantity
    /// Nil for the cheapest that meet the latency.
    package var sequences: Int?
  }

  /// What a reader must not wait longer for, in 95 of 100 cases.
  package struct Latency: Sendable {
    package var outputTokenSeconds: Double?
    package var firstTokenSeconds: Double?
  }

  package struct FootprintTerms: Sendable {
    package var powerUsageEffectiveness: Quantity
    package var gramsPerKilowattHour: Quantity?
    package var embodiedKilograms: Quantity
    package var lifeYears: Quantity
    package var share: Quantity
  }

  package struct Workload: Sendable {
    /// Nil where a plan of users makes its own.
    package var tasksPerMonth: Quantity?
    package var log: String?
    package var tasks: [TaskType]
  }

  package struct NamedPlan: Sendable {
    package var name: String
    package var plan: Plan
  }

  package struct DemandTerms: Sendable {
    package enum Price: String, Sendable, CaseIterable {
      case perSuccessfulTask = "price_per_successful_task"
      case perToken = "price_per_token"
    }

    package var referencePlan: String
    package var on: Price
    package var elasticity: Quantity
  }

  package struct Strategy: Sendable {
    package var name: String
    package var plan: String
    package var levers: Levers
  }

  /// What a strategy changes; nil leaves the scenario's.
  package struct Levers: Sendable {
    package var priceFactor: Quantity
    package var inputFactor: Quantity
    package var outputFactor: Quantity
    package var reasoningFactor: Quantity
    package var hitShare: Quantity?
    package var success: Quantity?
    package var sequences: Int?
    package var record: String?
    package var batchShare: Quantity
  }

  /// What becomes of tasks beyond what was measured.
  package enum Outside: String, Sendable, CaseIterable {
    case refuse, extrapolate, clip
  }
}

extension Scenario {
  /// What a scenario is built of, in groups that figures rest on.
  package enum Part: String, Sendable, CaseIterable {
    case host, fleet, footprint, workload, plans, demand, levers, quality
  }

  /// All quantities, by the part that they belong to.
  package func quantities(of part: Part) -> [Quantity] {
    switch part {
    case .host:
      switch host {
      case .rented(let dollars, _): [dollars]
      case .owned(let owned):
        [
          owned.capexDollars, owned.residualDollars, owned.lifeYears, owned.discountRate,
          owned.fixedOpexDollarsPerYear, owned.dollarsPerKilowattHour, owned.share,
        ] + [owned.idleWatts, owned.busyWatts].compactMap(\.self)
      }
    case .fleet: [fleet.mostBusyShare]
    case .footprint:
      footprint.map {
        [$0.powerUsageEffectiveness, $0.embodiedKilograms, $0.lifeYears, $0.share]
          + ($0.gramsPerKilowattHour.map { [$0] } ?? [])
      } ?? []
    case .workload:
      (workload.tasksPerMonth.map { [$0] } ?? [])
        + workload.tasks.flatMap { [$0.share, $0.hitShare, $0.success, $0.failedFactor] }
    case .plans: plans.flatMap(\.quantities)
    case .demand: demand.map { [$0.elasticity] } ?? []
    case .levers: strategies.flatMap(\.levers.quantities)
    case .quality: records.compactMap(\.loss)
    }
  }

  /// All counts, which may be distributions.
  package func counts(of part: Part) -> [Count] {
    switch part {
    case .workload: workload.tasks.flatMap(\.counts)
    case .plans:
      plans.compactMap { if case .subscription(let terms) = $0.plan { terms.tasksPerUser } else { nil } }
    default: []
    }
  }

  /// Whether a figure that is made of a part rests on an example.
  package func hasExample(_ part: Part) -> Bool {
    quantities(of: part).contains { $0.kind == .example } || counts(of: part).contains { $0.kind == .example }
  }
}

extension Scenario.NamedPlan {
  fileprivate var quantities: [Quantity] {
    switch plan {
    case .perToken(let prices):
      [
        prices.inputPerMillion, prices.cachedPerMillion, prices.outputPerMillion, prices.reasoningPerMillion,
        prices.perRequest, prices.batchFactor,
      ]
    case .perTask(let dollars, _): [dollars]
    case .subscription(let terms):
      [terms.dollarsPerMonth, terms.users] + (terms.cap.map { [$0.quantity] } ?? [])
        + (terms.overage.map { [$0.price.quantity, $0.takeUp] } ?? [])
    }
  }
}

extension Scenario.Levers {
  fileprivate var quantities: [Quantity] {
    [priceFactor, inputFactor, outputFactor, reasoningFactor, batchShare] + [hitShare, success].compactMap(\.self)
  }
}

extension Scenario {
  /// Columns of the log that tasks are counted by.
  package var columns: Set<String> {
    Set(
      workload.tasks.flatMap(\.counts).compactMap { count in
        if case .column(let name) = count.shape { name } else { nil }
      })
  }
}
