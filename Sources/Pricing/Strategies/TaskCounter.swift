import Glibc
import Statistics

/// The attempts that stand for the tasks of a workload.
struct TaskCounter: Sendable {
  let types: [TaskType]
  private let log: TaskLog?
  private let points: Int
  /// By dimension, standard normal quantiles of the points; empty where no lognormal asks for them.
  private let normals: [[Double]]

  /// Attempts that a scenario's distributions are counted by, of all types together.
  private static let budget = 1 << 17
  /// So many know the mean of a lognormal whose logarithm spreads by 1 to 0.2 %: what is left is its last tail.
  private static let mostPoints = 1 << 14
  private static let dimensions = 5

  init(_ types: [TaskType], log: TaskLog?) {
    self.types = types
    self.log = log
    let spread = types.count { type in type.counts.contains(where: \.isDistribution) }
    let points = min(Self.mostPoints, max(4, Self.budget / max(1, spread)))
    self.points = points
    let rows = log?.rows ?? 0
    normals = (0..<Self.dimensions).map { dimension in
      let isAsked = types.contains { type in
        if case .lognormal? = type.count(dimension)?.shape { true } else { false }
      }
      guard isAsked else { return [] }
      return (0..<max(points, rows) + types.count).map { Normal.quantile(Self.point($0 + 1, dimension)) }
    }
  }

  /// What of a type's work is not known exactly.
  func uncertainInputs(of type: TaskType, _ levers: Scenario.Levers) -> [Quantity] {
    let counts = type.counts.compactMap { count -> Quantity? in
      if case .quantity(let quantity) = count.shape { quantity } else { nil }
    }
    let factors = [levers.inputFactor, levers.outputFactor, levers.reasoningFactor]
    return (counts + factors + [levers.hitShare ?? type.hitShare]).filter { !$0.isExact }
  }

  /// Calls the body with attempts of a type and the share of the type's tasks that each stands for, with a strategy's levers on
  /// them and answers that are longer or shorter by a factor beside these.
  ///
  /// Distributions are independent of each other and are counted at points that fill their unit cube evenly: multiples of
  /// powers of the root of x⁶ = x + 1, which generalises the golden ratio (Roberts 2018). Random points lost: their mean is
  /// 10 to 30 times as far off.
  func forEachAttempt(
    of index: Int, _ levers: Scenario.Levers, stretch: Double = 1, overrides: [String: Double],
    _ body: (_ attempt: Attempt, _ share: Double) -> Void
  ) {
    let type = types[index]
    func value(_ quantity: Quantity) -> Double {
      overrides.isEmpty ? quantity.value : overrides[quantity.path] ?? quantity.value
    }
    let (input, output) = (value(levers.inputFactor), value(levers.outputFactor) * stretch)
    let factors = [input, output, value(levers.reasoningFactor) * stretch, 1, input]
    let isLogged = log != nil && type.counts.contains { if case .column = $0.shape { true } else { false } }
    let rows = isLogged ? log?.rows ?? 0 : 0
    let numbers: [(Int) -> Int] = (0..<Self.dimensions).map { dimension in
      guard let count = type.count(dimension) else { return { _ in 0 } }
      let factor = factors[dimension]
      // A turn is one at least; so is what a lognormal gives.
      let least = dimension == 3 ? 1.0 : 0
      func whole(_ raw: Double, _ least: Double) -> Int { Int(min(max(least, (raw * factor).rounded()), 0x1p30)) }
      switch count.shape {
      case .quantity(let quantity):
        let fixed = whole(value(quantity), least)
        return { _ in fixed }
      case .column(let name):
        let column = log?.columns[name] ?? []
        return { whole(column[$0], least) }
      case .lognormal(let median, let p90):
        let sigma = log2(p90 / median) / Count.ninetieth
        let z = normals[dimension]
        let floor = factor > 0 ? 1 : least
        return { whole(median * exp2(sigma * z[$0 + index]), floor) }
      case .values:
        return { whole(count.quantile(Self.point($0 + 1 + index, dimension)), least) }
      }
    }
    let hasHitShare = levers.hitShare != nil || type.hitShare.value > 0
    let cached = rows > 0 && !hasHitShare ? log?.cached : nil
    let count = rows > 0 ? rows : type.counts.contains(where: \.isDistribution) ? points : 1
    var attempt = Attempt(input: 0, output: 0, hitShare: value(levers.hitShare ?? type.hitShare))
    for number in 0..<count {
      attempt.input = numbers[0](number)
      attempt.output = numbers[1](number)
      attempt.reasoning = numbers[2](number)
      attempt.turns = numbers[3](number)
      attempt.added = numbers[4](number)
      attempt.cached = cached.map { Int(($0[number] * input).rounded()) }
      body(attempt, 1 / Double(count))
    }
  }

  private static func point(_ number: Int, _ dimension: Int) -> Double {
    let x = 0.5 + Double(number) * steps[dimension]
    return min(max(x - x.rounded(.down), 0x1p-40), 1 - 0x1p-40)
  }

  private static let steps = {
    let root = 1.1347241384015194
    return (1...dimensions).map { power in (0..<power).reduce(1) { share, _ in share / root } }
  }()
}

extension TaskType {
  /// Its counts by dimension: tokens in, out and thought, turns, and what a turn adds.
  fileprivate func count(_ dimension: Int) -> Count? {
    switch dimension {
    case 0: input
    case 1: output
    case 2: reasoning
    case 3: turns
    default: added
    }
  }
}
