import Statistics

/// Energy from what a stretch of time did, where no sensor tells it: many draws of the coefficients, each applied to two
/// models of different depth. The intervals of both models together are the answer's, so that their disagreement is in it.
package struct EnergyProxy: Sendable {
  /// What a user knows of the machine and its surroundings.
  package struct Overrides: Codable, Hashable, Sendable {
    /// The most that the host's packages draw for long, in watts.
    package var designWatts: Double?
    /// The watts of one processor that is busy, its idle share included: a virtual one's in a virtual machine.
    package var wattsPerThread: Double?
    /// Hardware threads of the host, of which this computer may be a part.
    package var hostThreads: Int?
    /// Power usage effectiveness: the data centre's energy over its computers'.
    package var facilityFactor: Double?

    package init() {}
  }

  /// What one of this computer's processors is.
  package enum Processor: Sendable {
    /// A hardware thread of a host that is this computer's own.
    case own
    /// Virtual, and a hardware thread of a host that others may share.
    case virtualThread
    /// Virtual, and a hardware thread or both threads of a core: the topology that is shown does not tell.
    case virtualThreadOrCore
  }

  package struct Result: Sendable {
    package var gross: Estimate
    /// Without what is spent when nothing runs.
    package var active: Estimate
    /// What knowing one factor exactly, in the middle of what is believed, would save of the width of the gross interval.
    /// The most first; those that would save nothing are left out. Shares of several factors do not add up.
    package var savings: [(factor: EnergyFactor, share: Double)]
  }

  /// A model of one depth: shares of the running time's power, and of what operations and bytes cost.
  private typealias Model = (busyShare: Double, operationShare: Double)

  /// The deeper model has operations and bytes beside the time that a thread runs: 18 % of a Sapphire Rapids host's busy
  /// power follow instructions and misses (Kepler's counter fit), and must not be counted twice.
  private static let priorModels: [Model] = [(1, 0), (0.8, 1)]
  private static let fittedModels: [Model] = [(1, 1)]
  /// From direct current to the plug: supply, regulators, fans.
  private static let supplyFactor = (low: 1.10, high: 1.40)
  /// What the size of a host that is not known does to the share of its idle power, either way.
  private static let unknownHost = Spread.single(1)
  /// Hardware threads that a virtual processor may be.
  private static let threadOrCore = [1.0, 2]

  package let overrides: Overrides
  private let draws: EnergyDraws
  private let factors: [EnergyFactor]
  private let models: [Model]
  /// Hardware threads of each of this computer's processors: any of these numbers may be the true one.
  private let threads: [Double]
  private let wattsPerThread: Double?

  /// By a prior. A virtual machine whose host's size is not known is less sure of its share of the idle power.
  package init(_ prior: EnergyPrior, overrides: Overrides = Overrides(), processor: Processor = .own) {
    var unknowns = EnergyTerm.allCases.compactMap { term -> EnergyDraws.Unknown? in
      prior.spreads[term].map { spread in (.term(term), { spread.value(of: $0) }) }
    }
    if processor != .own, overrides.hostThreads == nil {
      unknowns.append((.hostShare, { Self.unknownHost.value(of: $0) }))
    }
    unknowns += Self.unknowns(hasSupply: overrides.facilityFactor != nil && prior.boundary == .packageAndMemory)
    // Whoever says what a processor draws has said what it is.
    let mayBeCore = processor == .virtualThreadOrCore && overrides.wattsPerThread == nil
    draws = EnergyDraws(unknowns)
    factors = unknowns.map(\.factor) + [.model] + (mayBeCore ? [.virtualProcessor] : [])
    models = Self.priorModels
    threads = mayBeCore ? Self.threadOrCore : [1]
    wattsPerThread = overrides.wattsPerThread
    self.overrides = overrides
  }

  /// By coefficients that were fitted to this machine, each of `coefficients`, which are not none, a draw of all of them.
  package init(fitted coefficients: [EnergyVector], overrides: Overrides = Overrides()) {
    let unknowns = Self.unknowns(hasSupply: overrides.facilityFactor != nil)
    draws = EnergyDraws(coefficients, and: unknowns)
    factors = [.calibration] + unknowns.map(\.factor)
    models = Self.fittedModels
    threads = [1]
    wattsPerThread = nil
    self.overrides = overrides
  }

  private static func unknowns(hasSupply: Bool) -> [EnergyDraws.Unknown] {
    let share: EnergyDraws.Unknown = (.memoryShare, { $0 })
    return hasSupply ? [share, (.supply, { supplyFactor.low + (supplyFactor.high - supplyFactor.low) * $0 })] : [share]
  }

  /// Each interval spans all models and all that a processor may be, and is never narrower than it would be if any one
  /// factor were known.
  package func estimate(_ activity: EnergyActivity) -> Result {
    let levels = levels(activity, draws, models, threads)
    var (gross, active) = Self.bounds(levels)
    var known: [(factor: EnergyFactor, width: Double)] = []
    for factor in factors where activity.involves(factor) {
      let bounds = Self.bounds(
        self.levels(
          activity, draws.fixing(factor), factor == .model ? [Self.middle(models)] : models,
          factor == .virtualProcessor ? [Self.middle(threads)] : threads))
      known.append((factor, bounds.gross.high - bounds.gross.low))
      gross.widen(to: bounds.gross)
      active.widen(to: bounds.active)
    }
    let width = gross.high - gross.low
    let savings = known.filter { $0.width < width }.map { (factor: $0.factor, share: 1 - $0.width / width) }
    return Result(
      gross: Estimate(Self.middle(levels.map { Self.quantile(0.5, of: $0.gross) }), gross, method: .monteCarlo),
      active: Estimate(Self.middle(levels.map { Self.quantile(0.5, of: $0.active) }), active, method: .monteCarlo),
      savings: savings.sorted { $0.share > $1.share })
  }

  private static func middle(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  private static func middle(_ models: [Model]) -> Model {
    (middle(models.map(\.busyShare)), middle(models.map(\.operationShare)))
  }

  // MARK: - Levels

  /// Joules of every draw, by one model and one number of threads for each processor.
  private typealias Level = (threads: Double, gross: [Double], active: [Double])

  private func levels(
    _ activity: EnergyActivity, _ draws: EnergyDraws, _ models: [Model], _ threads: [Double]
  ) -> [Level] {
    let indices = 0..<draws.count
    let zeros = [Double](repeating: 0, count: draws.count)
    func add(_ term: EnergyTerm, to sums: inout [Double]) {
      let amount = activity.amount(of: term)
      guard amount != 0, let coefficients = draws[.term(term)] else { return }
      for index in indices { sums[index] += amount * coefficients[index] }
    }
    // Watts of a thread, then joules.
    var idle = draws[.term(.idleThread)] ?? zeros
    var busy = draws[.term(.busyThread)] ?? zeros
    if let share = draws[.hostShare] { for index in indices { idle[index] *= share[index] } }
    if let wattsPerThread {
      for index in indices {
        let factor = wattsPerThread / (idle[index] + busy[index])
        idle[index] *= factor
        busy[index] *= factor
      }
    }
    let idleSeconds = activity.amount(of: .idleThread)
    for index in indices {
      idle[index] *= idleSeconds
      busy[index] *= activity.busySeconds
    }
    var operations = zeros
    for term in EnergyTerm.onPackage { add(term, to: &operations) }
    var kept = zeros
    add(.memoryStatic, to: &kept)
    var read = zeros
    add(.memoryByte, to: &read)
    if let place = draws[.memoryShare] {
      let bounds = activity.memoryShare
      for index in indices { read[index] *= bounds.lowerBound + (bounds.upperBound - bounds.lowerBound) * place[index] }
    }
    let facility = overrides.facilityFactor ?? 1
    let scale = draws[.supply].map { $0.map { $0 * facility } } ?? Array(repeating: facility, count: draws.count)

    return models.flatMap { model in
      threads.map { threads in
        let limit = packageLimit(activity, threads: threads * activity.threads)
        var (gross, active) = (zeros, zeros)
        for index in indices {
          let still = threads * idle[index]
          let working = threads * model.busyShare * busy[index] + model.operationShare * operations[index]
          let share = min(1, limit / (still + working))
          active[index] = (working * share + model.operationShare * read[index]) * scale[index]
          gross[index] = active[index] + (still * share + kept[index]) * scale[index]
        }
        return (threads, gross, active)
      }
    }
  }

  /// No package draws more than its design power for long; this computer has its threads' share of it.
  private func packageLimit(_ activity: EnergyActivity, threads: Double) -> Double {
    guard let watts = overrides.designWatts else { return .infinity }
    let hostThreads = overrides.hostThreads.map(Double.init) ?? activity.threads
    return watts * min(1, threads / hostThreads) * activity.seconds
  }

  // MARK: - Bounds

  /// The bounds of all levels. More threads draw more, so that the fewest have the lowest bound and the most the highest.
  private static func bounds(_ levels: [Level]) -> (gross: Interval, active: Interval) {
    let fewest = levels.filter { level in levels.allSatisfy { level.threads <= $0.threads } }
    let most = levels.filter { level in levels.allSatisfy { level.threads >= $0.threads } }
    func bounds(_ joules: (Level) -> [Double]) -> Interval {
      let low = fewest.map { quantile(0.025, of: joules($0)) }.min() ?? 0
      return Interval(low: low, high: most.map { quantile(0.975, of: joules($0)) }.max() ?? 0, level: 0.95)
    }
    return (bounds(\.gross), bounds(\.active))
  }

  private static func quantile(_ share: Double, of joules: [Double]) -> Double {
    joules.value(ofRank: Int((share * Double(joules.count - 1)).rounded()))
  }
}

extension EnergyActivity {
  /// Whether knowing a factor could change what this activity cost.
  fileprivate func involves(_ factor: EnergyFactor) -> Bool {
    switch factor {
    case .term(let term): amount(of: term) > 0
    case .memoryShare: bytes > 0 && memoryShare.lowerBound < memoryShare.upperBound
    case .calibration, .hostShare, .supply, .model, .virtualProcessor: true
    }
  }
}

extension EnergyTerm {
  /// What operations and bytes cost on the package.
  fileprivate static let onPackage: [EnergyTerm] = [
    .float32, .bfloat16, .int8, .tileBFloat16, .tileInt8, .cacheByte,
  ]
}

extension Interval {
  /// A narrower interval is left out: it says what would be if something were known, and the truth may be elsewhere.
  fileprivate mutating func widen(to other: Interval) {
    guard other.high - other.low > high - low else { return }
    self = Interval(low: min(low, other.low), high: max(high, other.high), level: level)
  }
}

extension Estimate.Method {
  package static let monteCarlo = Self(rawValue: "Monte Carlo over coefficients")
}
