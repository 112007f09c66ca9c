import EnergyModel
import Glibc
import Statistics
import Testing

/// The definition of an estimate once more, for one machine at a time, all of it drawn at random.
private struct Machines {
  let prior: EnergyPrior
  let activity: EnergyActivity
  let mayBeCore: Bool
  var random: SplitMix64

  /// Standard normal deviates of the coefficients and of the share of the host, and where the share of memory lies.
  typealias Machine = (coefficients: [EnergyTerm: Double], host: Double, place: Double)

  var factors: [EnergyFactor] {
    let terms = EnergyTerm.allCases.filter { prior.spreads[$0] != nil }.map(EnergyFactor.term)
    return terms + [.memoryShare, .model] + (mayBeCore ? [.hostShare, .virtualProcessor] : [])
  }

  mutating func draw() -> Machine {
    func deviate() -> Double { (-2 * log(random.unit())).squareRoot() * cos(2 * .pi * random.unit()) }
    var coefficients: [EnergyTerm: Double] = [:]
    for term in EnergyTerm.allCases { coefficients[term] = deviate() }
    return (coefficients, mayBeCore ? deviate() : 0, random.unit())
  }

  /// Joules if a share `depth` of the way from the model of time to the one of operations is true, and `threads` for each
  /// processor; a factor that is fixed is in its middle.
  func joules(_ machine: Machine, depth: Double, threads: Double, fixed: EnergyFactor? = nil) -> Double {
    func coefficient(_ term: EnergyTerm) -> Double {
      prior.spreads[term]?.value(at: fixed == .term(term) ? 0 : machine.coefficients[term] ?? 0) ?? 0
    }
    let host = Spread(1 / 1.5, 1, 1.5).value(at: fixed == .hostShare ? 0 : machine.host)
    let bounds = activity.memoryShare
    let place = fixed == .memoryShare ? 0.5 : machine.place
    let fromMemory = activity.bytes * (bounds.lowerBound + (bounds.upperBound - bounds.lowerBound) * place)
    let idle = coefficient(.idleThread) * host * activity.threads * activity.seconds
    let busy = coefficient(.busyThread) * activity.busySeconds * (1 - 0.2 * depth)
    let operations = activity.operations.reduce(0) { $0 + coefficient($1.key) * $1.value }
    let bytes = coefficient(.cacheByte) * activity.bytes + coefficient(.memoryByte) * fromMemory
    let kept = coefficient(.memoryStatic) * activity.memoryGigabytes * activity.seconds
    return threads * (idle + busy) + kept + depth * (operations + bytes)
  }

  func width(_ machines: [Machine], fixed: EnergyFactor?) -> Double {
    var bounds: [(low: Double, high: Double)] = []
    for depth in fixed == .model ? [0.5] : [0, 1] {
      for threads in !mayBeCore ? [1] : fixed == .virtualProcessor ? [1.5] : [1, 2] {
        let joules = machines.map { self.joules($0, depth: depth, threads: threads, fixed: fixed) }.sorted()
        bounds.append((joules[joules.count / 40], joules[joules.count - 1 - joules.count / 40]))
      }
    }
    return bounds.map(\.high).max()! - bounds.map(\.low).min()!
  }
}

@Suite struct EnergyUncertaintyTests {
  /// Runs of a model of 135 million parameters on two processors: a token at context 512, a prompt of 512, and sampling.
  static let activities: [String: EnergyActivity] = [
    "decode": EnergyActivity(
      seconds: 2.83e-3, threads: 2, busySeconds: 5.6e-3, memoryGigabytes: 24, operations: [.int8: 305e6],
      bytes: 89.3e6, memoryShare: 0...1),
    "prefill": EnergyActivity(
      seconds: 0.1196, threads: 2, busySeconds: 0.225, memoryGigabytes: 24,
      operations: [.tileBFloat16: 117.8e9, .float32: 0.22e9], bytes: 0.807e9, memoryShare: 0...1),
    "sampling": EnergyActivity(
      seconds: 0.0198, threads: 2, busySeconds: 0.0198, memoryGigabytes: 24, bytes: 0.805e9, memoryShare: 0...1),
  ]

  /// Each share is the width that is lost when its factor is fixed, by 20,000 machines drawn at random: within 3 points.
  @Test(arguments: ["decode", "prefill", "sampling"], ["sapphire-rapids", "zen4"])
  func tellsWhatKnowingEachFactorWouldSave(name: String, design: String) throws {
    let activity = try #require(Self.activities[name])
    let prior = EnergyPriors.prior(for: design)
    for mayBeCore in [false, true] {
      let result = EnergyProxy(prior, processor: mayBeCore ? .virtualThreadOrCore : .own).estimate(activity)
      var machines = Machines(
        prior: prior, activity: activity, mayBeCore: mayBeCore, random: SplitMix64(seed: mayBeCore ? 11 : 12))
      let drawn = (0..<20_000).map { _ in machines.draw() }
      let width = machines.width(drawn, fixed: nil)
      #expect(abs(2 * (result.gross.interval?.halfWidth ?? 0) / width - 1) < 0.03)
      #expect(Set(result.savings.map(\.factor)).isSubset(of: machines.factors))
      for factor in machines.factors {
        let lost = max(0, 1 - machines.width(drawn, fixed: factor) / width)
        let share = result.savings.first { $0.factor == factor }?.share ?? 0
        #expect(abs(share - lost) < 0.03, "\(name), \(design), core \(mayBeCore): \(factor.name) \(share), \(lost)")
      }
    }
  }

  /// Nothing but the idle power, known within a factor of two, and the share of the host, within one and a half. The
  /// logarithms' reaches add up like the sides of a triangle: √(ln² 2 + ln² 1.5) = 0.80303, a factor of 2.2323.
  @Test func knowsTheProductOfTwoFactors() throws {
    let prior = EnergyPrior(
      name: "idle", boundary: .wall, spreads: [.idleThread: Spread(0.5, 1, 2)], source: "made up", isOfItsClass: true)
    let activity = EnergyActivity(seconds: 5, threads: 2, busySeconds: 0, memoryGigabytes: 0)
    let reach = exp(hypot(log(2), log(1.5)))
    // One standard deviation of the quantile of as many random draws; these are spread more evenly.
    let tolerance = 0.0423 * log(reach) / 1.96
    let result = EnergyProxy(prior, processor: .virtualThread).estimate(activity)
    let interval = try #require(result.gross.interval)
    #expect(abs(result.gross.value / 10 - 1) < tolerance)
    #expect(abs(interval.high / (10 * reach) - 1) < tolerance && abs(interval.low / (10 / reach) - 1) < tolerance)
    // Knowing the one leaves the other's interval: 2 − 1/2 or 1.5 − 1/1.5 of 2.2323 − 0.4480.
    let width = reach - 1 / reach
    #expect(result.savings.map(\.factor) == [.term(.idleThread), .hostShare])
    #expect(abs(result.savings[0].share - (1 - (1.5 - 1 / 1.5) / width)) < 2 * tolerance)
    #expect(abs(result.savings[1].share - (1 - (2 - 0.5) / width)) < 2 * tolerance)
  }

  /// An idle power of 1 W or a little less takes more from the upper end of its product with the host's share than it adds
  /// at the lower end: left alone, the interval would be up to 1 % narrower than if the power were known to be 1 W.
  @Test(arguments: [0.8, 0.85, 0.88, 0.9, 0.92, 0.94, 0.96])
  func isNeverNarrowerThanWithAFactorKnown(low: Double) throws {
    func halfWidth(_ idle: Spread) throws -> Double {
      let prior = EnergyPrior(
        name: "idle", boundary: .wall, spreads: [.idleThread: idle], source: "made up", isOfItsClass: true)
      let activity = EnergyActivity(seconds: 1, threads: 1, busySeconds: 0, memoryGigabytes: 0)
      let result = EnergyProxy(prior, processor: .virtualThread).estimate(activity)
      return try #require(result.gross.interval).halfWidth
    }
    #expect(try halfWidth(Spread(low, 1, 1)) >= halfWidth(Spread(1, 1, 1)))
  }

  /// A prior in which a factor is known gives the interval that the saving foretells, whatever the class and the work.
  @Test(arguments: ["skylake", "granite-rapids", "neoverse-v", "unknown"])
  func narrowsAsMuchAsItSays(design: String) throws {
    let prior = EnergyPriors.prior(for: design)
    for activity in Self.activities.values {
      let result = EnergyProxy(prior, processor: .virtualThreadOrCore).estimate(activity)
      let width = try #require(result.gross.interval).halfWidth
      for (term, spread) in prior.spreads {
        var known = prior
        known.spreads[term] = Spread(spread.middle, spread.middle, spread.middle)
        let left = try #require(EnergyProxy(known, processor: .virtualThreadOrCore).estimate(activity).gross.interval)
        let share = result.savings.first { $0.factor == .term(term) }?.share ?? 0
        // It may be a little wider: it too is no narrower than if a second factor were known.
        #expect(left.halfWidth >= width * (1 - share) * (1 - 1e-12) && left.halfWidth <= width * (1 - share) * 1.02)
      }
    }
  }

  /// Machines drawn from the prior that follow either model and whose processors are threads or cores: the interval holds
  /// what each of them draws.
  @Test(arguments: ["decode", "prefill", "sampling"], ["sapphire-rapids", "zen4", "unknown"])
  func coversMachinesOfTheClass(name: String, design: String) throws {
    let activity = try #require(Self.activities[name])
    let prior = EnergyPriors.prior(for: design)
    let interval = try #require(
      EnergyProxy(prior, processor: .virtualThreadOrCore).estimate(activity).gross.interval)
    var machines = Machines(prior: prior, activity: activity, mayBeCore: true, random: SplitMix64(seed: 5))
    let count = 4000
    for depth in [0.0, 1] {
      for threads in [1.0, 2] {
        let covered = (0..<count).filter { _ in
          interval.contains(machines.joules(machines.draw(), depth: depth, threads: threads))
        }.count
        #expect(Double(covered) >= 0.93 * Double(count), "\(name), \(design): \(covered) of \(count)")
      }
    }
  }

  /// What a fit leaves open is one factor: its coefficients' errors belong together.
  @Test func namesAFitAsOneFactor() {
    var random = SplitMix64(seed: 3)
    let draws = (0..<400).map { _ in
      var vector = EnergyVector()
      vector[.busyThread] = 3 + random.unit()
      vector[.memoryByte] = 1e-10
      return vector
    }
    var activity = EnergyActivity(seconds: 1, threads: 2, busySeconds: 2, memoryGigabytes: 8, bytes: 1e9)
    #expect(EnergyProxy(fitted: draws).estimate(activity).savings.map(\.factor) == [.calibration])
    activity.memoryShare = 0...1
    let savings = EnergyProxy(fitted: draws).estimate(activity).savings
    #expect(savings.map(\.factor) == [.calibration, .memoryShare])
  }
}
