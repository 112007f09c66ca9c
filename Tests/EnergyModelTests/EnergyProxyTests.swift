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
    let result = EnergyProxy(known()).estimate(activity())
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
    #expect(abs(EnergyProxy(known()).estimate(cached).gross.value - (104 + 94) / 2) < 1e-9)
  }

  @Test func holdsPackagesToTheirDesignPower() throws {
    var overrides = EnergyProxy.Overrides()
    overrides.designWatts = 100
    overrides.hostThreads = 40
    // Two of forty threads: 5 W for ten seconds, and memory on top: 24 J kept, in the second level 10 J read.
    let result = EnergyProxy(known(), overrides: overrides).estimate(activity())
    #expect(abs(result.gross.value - (74 + 84) / 2) < 1e-9)
  }

  @Test func spansThreadsAndCores() throws {
    var overrides = EnergyProxy.Overrides()
    overrides.hostThreads = 40
    let result = EnergyProxy(known(), overrides: overrides, processor: .virtualThreadOrCore).estimate(activity())
    // Threads: 104 J in either model. Cores: twice 20 + 60 J and 24 J, or twice 20 + 48 J, 24 J and 12 J.
    let interval = try #require(result.gross.interval)
    #expect(abs(interval.low - 104) < 1e-9 && abs(interval.high - 184) < 1e-9)
    #expect(abs(result.gross.value - (104 + 104 + 184 + 172) / 4) < 1e-9)
    #expect(abs(result.active.value - (60 + 60 + 120 + 108) / 4) < 1e-9)
    // One and a half threads: 144 J or 138 J. Half of the operations: 104 J for threads, 178 J for cores.
    #expect(result.savings.map(\.factor) == [.virtualProcessor, .model])
    #expect(zip(result.savings, [1 - 6 / 80.0, 1 - 74 / 80.0]).allSatisfy { abs($0.share - $1) < 1e-9 })
    // Whoever says what a processor draws has said what it is.
    overrides.wattsPerThread = 4
    let told = EnergyProxy(known(), overrides: overrides, processor: .virtualThreadOrCore).estimate(activity())
    #expect(try #require(told.gross.interval).halfWidth < 1e-9)
  }

  @Test func takesTheUsersWattsForABusyThread() throws {
    var overrides = EnergyProxy.Overrides()
    overrides.wattsPerThread = 8
    var bare = activity()
    bare.memoryGigabytes = 0
    // Both threads busy all the time: 2 · 8 W · 10 s at the first level; the second leaves a fifth of 12 J/s to 12 J.
    let result = EnergyProxy(known(), overrides: overrides).estimate(bare)
    #expect(abs(result.gross.value - (160 + 160 - 24 + 12) / 2) < 1e-9)
  }

  @Test func goesFromThePackageThroughThePlugToTheFacility() throws {
    var overrides = EnergyProxy.Overrides()
    overrides.facilityFactor = 1.5
    let inside = EnergyProxy(known()).estimate(activity()).gross
    let facility = EnergyProxy(known(), overrides: overrides).estimate(activity()).gross
    #expect((1.5 * 1.2..<1.5 * 1.3).contains(facility.value / inside.value))
    #expect(try #require(facility.interval).high <= 1.5 * 1.4 * 104 + 1e-9)
    // A whole server's row is at the plug already.
    let wall = EnergyProxy(known(.wall), overrides: overrides).estimate(activity()).gross
    #expect(abs(wall.value - 1.5 * inside.value) < 1e-9)
  }

  @Test func doubtsTheShareOfAHostOfUnknownSize() throws {
    var idle = activity(busy: 0)
    idle.memoryGigabytes = 0
    idle.bytes = 0
    func width(_ processor: EnergyProxy.Processor, _ threads: Int?) -> Double {
      var overrides = EnergyProxy.Overrides()
      overrides.hostThreads = threads
      return EnergyProxy(prior, overrides: overrides, processor: processor).estimate(idle).gross.interval?.halfWidth
        ?? 0
    }
    #expect(width(.virtualThread, nil) > 1.2 * width(.own, nil))
    #expect(width(.virtualThread, 112) == width(.own, nil))
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
