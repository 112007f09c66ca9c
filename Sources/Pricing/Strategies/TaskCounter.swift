import Glibc

/// The attempts that stand for the tasks of a workload, with a strategy's levers on them.
struct TaskCounter: Sendable {
  let types: [TaskType]
  private let levers: Scenario.Levers
  private let log: TaskLog?
  private let points: Int
  /// By which answers are made longer or shorter beside the levers.
  var stretch = 1.0

  /// Attempts that a scenario's distributions are counted by, of all types together.
  private static let budget = 1 << 17

  init(_ types: [TaskType], levers: Scenario.Levers, log: TaskLog?, basis: WorkBasis) {
    self.types = types
    self.levers = levers
    self.log = log
    let spread = types.count { type in type.counts.contains(where: \.isDistribution) }
    points = min(4096, max(4, Self.budget / max(1, spread)))
  }

  /// What of a type's work is not known exactly.
  func uncertainInputs(of type: TaskType) -> [Quantity] {
    let counts = type.counts.compactMap { count -> Quantity? in
      if case .quantity(let quantity) = count.shape { quantity } else { nil }
    }
    let factors = [levers.inputFactor, levers.outputFactor, levers.reasoningFactor]
    return (counts + factors + [levers.hitShare ?? type.hitShare]).filter { !$0.isExact }
  }

  /// Calls the body with attempts of a type and the share of the type's tasks that each stands for.
  ///
  /// Distributions are independent of each other and are counted at points that fill their unit cube evenly: multiples of
  /// powers of the root of x⁶ = x + 1, which generalises the golden ratio (Roberts 2018). Random points lost: their mean is
  /// 10 to 30 times as far off.
  func forEachAttempt(
    of index: Int, overrides: [String: Double], _ body: (_ attempt: Attempt, _ share: Double) -> Void
  ) {
    let type = types[index]
    func value(_ quantity: Quantity) -> Double { overrides[quantity.path] ?? quantity.value }
    let inputFactor = value(levers.inputFactor)
    let outputFactor = value(levers.outputFactor) * stretch
    let reasoningFactor = value(levers.reasoningFactor) * stretch
    let hitShare = value(levers.hitShare ?? type.hitShare)
    let hasHitShare = levers.hitShare != nil || type.hitShare.value > 0
    let columns = log.map { type.columns($0) }
    let rows = columns?.isEmpty == false ? log?.rows ?? 0 : 0
    let count = rows > 0 ? rows : type.counts.contains(where: \.isDistribution) ? points : 1
    for number in 0..<count {
      func tokens(_ count: Count?, dimension: Int, factor: Double, least: Double) -> Int {
        guard let count else { return 0 }
        let raw: Double =
          switch count.shape {
          case .quantity(let quantity): value(quantity)
          case .column(let name): columns?[name]?(number) ?? 0
          default: count.quantile(point(number + 1 + index, dimension))
          }
        let isLognormal = if case .lognormal = count.shape { true } else { false }
        let floor = max(least, isLognormal && factor > 0 ? 1 : 0)
        return Int(min(max(floor, (raw * factor).rounded()), 0x1p30))
      }
      var attempt = Attempt(
        input: tokens(type.input, dimension: 0, factor: inputFactor, least: 0),
        output: tokens(type.output, dimension: 1, factor: outputFactor, least: 0),
        reasoning: tokens(type.reasoning, dimension: 2, factor: reasoningFactor, least: 0),
        turns: tokens(type.turns, dimension: 3, factor: 1, least: 1),
        added: tokens(type.added, dimension: 4, factor: inputFactor, least: 0), hitShare: hitShare)
      if !hasHitShare, rows > 0, let cached = log?.cached {
        attempt.cached = Int((cached[number] * inputFactor).rounded())
      }
      body(attempt, 1 / Double(count))
    }
  }

  private func point(_ number: Int, _ dimension: Int) -> Double {
    let x = 0.5 + Double(number) * Self.steps[dimension]
    return min(max(x - x.rounded(.down), 0x1p-40), 1 - 0x1p-40)
  }

  private static let root = 1.1347241384015194
  private static let steps = [
    1 / root, 1 / (root * root), 1 / (root * root * root), 1 / (root * root * root * root),
    1 / (root * root * root * root * root),
  ]
}

extension TaskType {
  /// The columns that it reads of a log, by name.
  fileprivate func columns(_ log: TaskLog) -> [String: (Int) -> Double] {
    var columns: [String: (Int) -> Double] = [:]
    for case .column(let name) in counts.map(\.shape) {
      if let values = log.columns[name] { columns[name] = { values[$0] } }
    }
    return columns
  }
}
