import EnergyModel
import Statistics
import Testing

@Suite struct EnergyProxyTests {
  private let prior = EnergyPriors.prior(for: "sapphire-rapids")

  private func activity(seconds: Double = 10, busy: Double = 20) -> EnergyActivity {
    EnergyActivity(
      seconds: seconds, threads: 2, busySeconds: busy, memoryGigabytes: 24, operations: [.int8: 1e12], bytes: 1e11)
  }

  /// Every coefficient known, so that both levels can be worked by hand.
  private func known(_ boundary: EnergyPrior.Boundary = .packageAndMemory) -> EnergyPrior {
    var prior = EnergyPrior(name: "known", boundary: boundary, spreads: [:], source: "made up", isOfItsClass: true)
    for (term, value) in [
      (EnergyTerm.idleThread, 1.0), (.busyThread, 3), (.memoryStatic, 0.1), (.int8, 1e-12), (.cacheByte, 10e-12),
      (.memoryByte, 100e-12),
    ] { prior.spreads[term] = Spread(value, value, value) }
    return prior
  }

  @Test func isTheMiddleOfTwoLevelsWithinBoth() throws {
    let result = EnergyProxy(known(), draws: 5).estimate(activity())
    // Idle 2 · 10 · 1, memory 24 · 10 · 0.1; L0: busy 20 · 3; L1: 0.8 of that, 1 J of operations, 11 J of bytes.
    let level0 = 20.0 + 24 + 60
    let level1 = 20.0 + 24 + 48 + 1 + 11
    #expect(abs(result.gross.value - (level0 + level1) / 2) < 1e-9)
    let interval = try #require(result.gross.interval)
    #expect(abs(interval.low - min(level0, level1)) < 1e-9 && abs(interval.high - max(level0, level1)) < 1e-9)
    #expect(abs(result.active.value - 60) < 1e-9)
  }

  @Test func knowsBetweenWhichBoundsMemoryWasRead() throws {
    var cached = activity()
    cached.memoryShare = 0...0
    // Ten joules of memory less in the second level alone.
    #expect(abs(EnergyProxy(known(), draws: 5).estimate(cached).gross.value - (104 + 94) / 2) < 1e-9)
  }

  @Test func holdsPackagesToTheirDesignPower() throws {
    var overrides = EnergyProxy.Overrides()
    overrides.designWatts = 100
    overrides.hostThreads = 40
    // Two of forty threads: 5 W for ten seconds, and memory on top: 24 J kept, in the second level 10 J read.
    let result = EnergyProxy(known(), overrides: overrides, draws: 5).estimate(activity())
    #expect(abs(result.gross.value - (74 + 84) / 2) < 1e-9)
  }

  @Test func takesTheUsersWattsForABusyThread() throws {
    var overrides = EnergyProxy.Overrides()
    overrides.wattsPerThread = 8
    var bare = activity()
    bare.memoryGigabytes = 0
    // Both threads busy all the time: 2 · 8 W · 10 s at the first level; the second leaves a fifth of 12 J/s to 12 J.
    let result = EnergyProxy(known(), overrides: overrides, draws: 5).estimate(bare)
    #expect(abs(result.gross.value - (160 + 160 - 24 + 12) / 2) < 1e-9)
  }

  @Test func goesFromThePackageThroughThePlugToTheFacility() throws {
    var overrides = EnergyProxy.Overrides()
    overrides.facilityFactor = 1.5
    let inside = EnergyProxy(known(), draws: 1000).estimate(activity()).gross
    let facility = EnergyProxy(known(), overrides: overrides, draws: 1000).estimate(activity()).gross
    #expect((1.5 * 1.2..<1.5 * 1.3).contains(facility.value / inside.value))
    #expect(try #require(facility.interval).high <= 1.5 * 1.4 * 104 + 1e-9)
    // A whole server's row is at the plug already.
    let wall = EnergyProxy(known(.wall), overrides: overrides, draws: 5).estimate(activity()).gross
    #expect(abs(wall.value - 1.5 * inside.value) < 1e-9)
  }

  @Test func doubtsTheShareOfAHostOfUnknownSize() throws {
    var idle = activity(busy: 0)
    idle.memoryGigabytes = 0
    idle.bytes = 0
    func width(_ isVirtual: Bool, _ threads: Int?) -> Double {
      var overrides = EnergyProxy.Overrides()
      overrides.hostThreads = threads
      return EnergyProxy(prior, overrides: overrides, isVirtual: isVirtual).estimate(idle).gross.interval?.halfWidth
        ?? 0
    }
    #expect(width(true, nil) > 1.2 * width(false, nil))
    #expect(width(true, 112) == width(false, nil))
  }

  @Test func namesWhatMakesItUncertain() {
    var small = activity()
    small.memoryGigabytes = 1
    let contributors = EnergyProxy(prior).estimate(small).contributors
    #expect(contributors.first?.term == .busyThread)
    #expect(contributors.count <= 3 && contributors.allSatisfy { $0.share > 0 && $0.share <= 1 })
  }

  /// Machines whose coefficients are drawn from the prior, and which follow either model: the interval holds the truth.
  @Test(arguments: [0, 1]) func coversMachinesOfTheClass(level: Int) throws {
    let estimate = try #require(EnergyProxy(prior, seed: 7).estimate(activity()).gross.interval)
    var covered = 0
    let machines = 1000
    for seed in 0..<machines {
      // One draw of another seed is a machine.
      let machine = EnergyProxy(prior, draws: 1, seed: UInt64(1000 + seed))
      let truth = try #require(machine.estimate(activity()).gross.interval)
      // The bounds of a single draw are its two levels.
      covered += estimate.contains(level == 0 ? truth.low : truth.high) ? 1 : 0
    }
    // 95 %, less three standard deviations of a thousand trials.
    #expect(Double(covered) >= 0.95 * Double(machines) - 3 * (0.95 * 0.05 * Double(machines)).squareRoot())
  }

  @Test func hasARowWithItsSourceForEveryName() {
    for name in EnergyPriors.names {
      let prior = EnergyPriors.prior(for: name)
      #expect(prior.name == name && !prior.source.isEmpty && prior.isOfItsClass == (name != "unknown"))
      #expect(prior.spreads[.memoryStatic] == nil || prior.boundary == .packageAndMemory)
    }
    #expect(EnergyPriors.prior(for: "abacus").isOfItsClass == false)
  }

  @Test func drawsSpreadsWithTheirOwnQuantiles() {
    let spread = Spread(1, 2, 8)
    #expect(abs(spread.value(at: -1.959964) - 1) < 1e-6)
    #expect(spread.value(at: 0) == 2)
    #expect(abs(spread.value(at: 1.959964) - 8) < 1e-5)
  }
}
