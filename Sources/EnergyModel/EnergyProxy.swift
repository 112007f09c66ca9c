import Glibc
import Statistics

/// Energy from what a stretch of time did, where no sensor tells it: many draws of the coefficients, each applied to two
/// models of different depth. The intervals of both models together are the answer's, so that their disagreement is in it.
package struct EnergyProxy: Sendable {
  /// What a user knows of the machine and its surroundings.
  package struct Overrides: Codable, Hashable, Sendable {
    /// The most that the host's packages draw for long, in watts.
    package var designWatts: Double?
    /// The watts of one hardware thread that is busy, its idle share included.
    package var wattsPerThread: Double?
    /// Hardware threads of the host, of which this computer may be a part.
    package var hostThreads: Int?
    /// Power usage effectiveness: the data centre's energy over its computers'.
    package var facilityFactor: Double?

    package init() {}
  }

  package struct Result: Sendable {
    package var gross: Estimate
    /// Without what is spent when nothing runs.
    package var active: Estimate
    /// The terms whose coefficients make the interval wide, widest first, with their shares of the variance.
    package var contributors: [(term: EnergyTerm, share: Double)]
  }

  /// The deeper model has operations and bytes beside the time that a thread runs: 18 % of a Sapphire Rapids host's busy
  /// power follow instructions and misses (Kepler's counter fit), and must not be counted twice.
  private static let busyShareWithOperations = 0.8
  /// From direct current to the plug: supply, regulators, fans.
  private static let plugFactor = (low: 1.10, high: 1.40)
  /// What the size of a host that is not known does to the share of its idle power, either way.
  private static let unknownHost = Spread.single(1)

  private struct Draw: Sendable {
    var coefficients: [Double]
    var memoryPosition: Double
    var plug: Double
  }

  package let overrides: Overrides
  private let draws: [Draw]
  private let spreads: [Spread?]
  private let isFitted: Bool

  /// By a prior. A virtual machine whose host's size is not known is less sure of its share of the idle power.
  package init(
    _ prior: EnergyPrior, overrides: Overrides = Overrides(), isVirtual: Bool = false, draws count: Int = 2000,
    seed: UInt64 = 1
  ) {
    var random = SplitMix64(seed: seed)
    let sharesUnknownHost = isVirtual && overrides.hostThreads == nil
    let hasPlug = overrides.facilityFactor != nil && prior.boundary == .packageAndMemory
    self.overrides = overrides
    spreads = Self.terms.map { prior.spreads[$0] }
    isFitted = false
    draws = (0..<count).map { _ in
      var coefficients = Self.terms.map { prior.spreads[$0]?.value(at: random.normal()) ?? 0 }
      if sharesUnknownHost { coefficients[Self.idle] *= Self.unknownHost.value(at: random.normal()) }
      if let watts = overrides.wattsPerThread {
        let factor = watts / (coefficients[Self.idle] + coefficients[Self.busy])
        coefficients[Self.idle] *= factor
        coefficients[Self.busy] *= factor
      }
      let plug = Self.plugFactor.low + (Self.plugFactor.high - Self.plugFactor.low) * random.unit()
      return Draw(coefficients: coefficients, memoryPosition: random.unit(), plug: hasPlug ? plug : 1)
    }
  }

  /// By coefficients that were fitted to this machine, each of `coefficients` one draw of all of them.
  package init(fitted coefficients: [EnergyVector], overrides: Overrides = Overrides(), seed: UInt64 = 1) {
    var random = SplitMix64(seed: seed)
    self.overrides = overrides
    isFitted = true
    spreads = Self.terms.map { _ in nil }
    let hasPlug = overrides.facilityFactor != nil
    draws = coefficients.map { vector in
      let plug = Self.plugFactor.low + (Self.plugFactor.high - Self.plugFactor.low) * random.unit()
      return Draw(
        coefficients: Self.terms.map { vector[$0] }, memoryPosition: random.unit(), plug: hasPlug ? plug : 1)
    }
  }

  private static let terms = EnergyTerm.allCases
  private static let idle = terms.firstIndex(of: .idleThread) ?? 0
  private static let busy = terms.firstIndex(of: .busyThread) ?? 0

  package func estimate(_ activity: EnergyActivity) -> Result {
    let levels = amounts(of: activity).map { amounts in draws.map { joules(amounts, $0, activity) } }
    return Result(
      gross: Self.figure(levels.map { $0.map(\.gross) }), active: Self.figure(levels.map { $0.map(\.active) }),
      contributors: contributors(activity))
  }

  /// One list for each model: what a fit to this machine multiplies, or both levels of a prior.
  private func amounts(of activity: EnergyActivity) -> [[Double]] {
    if isFitted { return [activity.amounts(busyShare: 1, countsOperations: true)] }
    return [
      activity.amounts(busyShare: 1, countsOperations: false),
      activity.amounts(busyShare: Self.busyShareWithOperations, countsOperations: true),
    ]
  }

  private func joules(
    _ amounts: [Double], _ draw: Draw, _ activity: EnergyActivity
  ) -> (gross: Double, active: Double) {
    let bounds = activity.memoryShare
    let memoryShare = bounds.lowerBound + (bounds.upperBound - bounds.lowerBound) * draw.memoryPosition
    var package = (idle: 0.0, active: 0.0)
    var memory = (idle: 0.0, active: 0.0)
    for (index, term) in Self.terms.enumerated() {
      let joules = amounts[index] * draw.coefficients[index]
      switch term {
      case .memoryStatic: memory.idle += joules
      case .memoryByte: memory.active += joules * memoryShare
      case .idleThread: package.idle += joules
      default: package.active += joules
      }
    }
    let limit = packageLimit(activity)
    let packageSum = package.idle + package.active
    if packageSum > limit {
      package.idle *= limit / packageSum
      package.active *= limit / packageSum
    }
    let factor = draw.plug * (overrides.facilityFactor ?? 1)
    let active = (package.active + memory.active) * factor
    return (active + (package.idle + memory.idle) * factor, active)
  }

  /// No package draws more than its design power for long; this computer has its threads' share of it.
  private func packageLimit(_ activity: EnergyActivity) -> Double {
    guard let watts = overrides.designWatts else { return .infinity }
    let hostThreads = overrides.hostThreads.map(Double.init) ?? activity.threads
    return watts * min(1, activity.threads / hostThreads) * activity.seconds
  }

  /// The middle of all levels, within the bounds of any.
  private static func figure(_ levels: [[Double]]) -> Estimate {
    let samples = levels.compactMap { try? Sample($0) }
    let low = samples.map { $0.quantile(0.025) }.min() ?? 0
    let high = samples.map { $0.quantile(0.975) }.max() ?? 0
    let middle = samples.reduce(0) { $0 + $1.median } / Double(max(1, samples.count))
    return Estimate(middle, Interval(low: low, high: high, level: 0.95), method: .monteCarlo)
  }

  private func contributors(_ activity: EnergyActivity) -> [(term: EnergyTerm, share: Double)] {
    let amounts = activity.amounts(busyShare: Self.busyShareWithOperations, countsOperations: true)
    let variances = Self.terms.indices.map { index in
      let deviation = (spreads[index]?.standardDeviation ?? 0) * amounts[index]
      return deviation * deviation
    }
    let total = variances.reduce(0, +)
    guard total > 0 else { return [] }
    return zip(Self.terms, variances).sorted { $0.1 > $1.1 }.prefix(3).filter { $0.1 > 0.01 * total }.map {
      (term: $0.0, share: $0.1 / total)
    }
  }
}

extension Estimate.Method {
  package static let monteCarlo = Self(rawValue: "Monte Carlo over coefficients")
}
