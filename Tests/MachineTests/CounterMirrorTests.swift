import Machine
import Synchronization
import TestSupport
import Testing

@Suite struct CounterMirrorTests {
  /// Zones with their names and readings.
  private func tree(_ zones: [(zone: String, name: String, microjoules: Int)]) -> FakeTree {
    let tree = FakeTree()
    for (zone, name, microjoules) in zones { tree.addZone(zone, name: name, microjoules: microjoules) }
    return tree
  }

  private func counted(_ tree: FakeTree) -> [String] { tree.describe().sensors.filter(\.isUsable).map(\.name) }

  /// Two sockets of two dies, which show the socket's counter each.
  @Test func countsDiesThatReadTheSameOnce() {
    let tree = tree([
      ("intel-rapl:0", "package-0-die-0", 1_000_000_000), ("intel-rapl:1", "package-0-die-1", 1_000_000_000),
      ("intel-rapl:2", "package-1-die-0", 2_000_000_000), ("intel-rapl:3", "package-1-die-1", 2_000_000_000),
    ])
    #expect(counted(tree) == ["package-0-die-0", "package-1-die-0"])
    let mirror = tree.describe().sensors.first { $0.name == "package-1-die-1" }
    #expect(mirror?.mirrors == "package-1-die-0")
    #expect(mirror?.excluded == "it shows what package-1-die-0 shows: one counter, which is counted once")
  }

  @Test func addsDiesAndSocketsThatReadOtherwise() {
    let dies = tree([
      ("intel-rapl:0", "package-0-die-0", 1_000_000_000), ("intel-rapl:1", "package-0-die-1", 1_000_000_001),
    ])
    #expect(counted(dies) == ["package-0-die-0", "package-0-die-1"])
    // Equal by chance, as far as two counters that stand still can tell.
    let sockets = tree([("intel-rapl:0", "package-0", 5_000_000), ("intel-rapl:1", "package-1", 5_000_000)])
    #expect(counted(sockets) == ["package-0", "package-1"])
  }

  @Test func countsMemoryWithItsPackage() {
    let zones = [
      ("intel-rapl:0", "package-0-die-0", 1000), ("intel-rapl:1", "package-0-die-1", 1000),
      ("intel-rapl:0:0", "dram", 70), ("intel-rapl:1:0", "dram", 70), ("intel-rapl:1:1", "core", 70),
    ]
    #expect(counted(tree(zones)) == ["package-0-die-0", "package-0-die-0/dram"])
    var ownMemory = zones
    ownMemory[3].2 = 71
    #expect(counted(tree(ownMemory)) == ["package-0-die-0", "package-0-die-0/dram", "package-0-die-1/dram"])
  }

  @Test func countsAPackageOfTwoInterfacesOrOfOneNameOnce() {
    let interfaces = tree([("intel-rapl:0", "package-0-die-0", 1000), ("intel-rapl-mmio:0", "package-0", 1000)])
    #expect(counted(interfaces) == ["package-0-die-0"])
    let names = tree([("intel-rapl:0", "package-0", 1000), ("intel-rapl:1", "package-0", 1000)])
    #expect(counted(names).count == 1)
    let others = tree([("intel-rapl:0", "package-0", 1000), ("intel-rapl:1", "package-0", 2000)])
    #expect(counted(others).count == 2)
  }

  /// Two names of a counter that grows from round to round, and fails in each fourth.
  @Test func readsCountersTogetherAndPassesOverFailures() {
    let calls = Atomic(0)
    let good = Atomic(0)
    let read: @Sendable () throws -> Double = {
      let call = calls.wrappingAdd(1, ordering: .relaxed).oldValue
      if call % 16 == 13 {
        // The round ends here, with three readings less.
        calls.wrappingAdd(2, ordering: .relaxed)
        throw Absence(.unreadable, "busy")
      }
      good.wrappingAdd(1, ordering: .relaxed)
      return Double(call / 4)
    }
    let sweeps = CounterSweeps(of: [read, read], atMost: 12)
    #expect(sweeps.showOneCounter(0, 1, ofOneSocket: false))
    #expect(good.load(ordering: .relaxed) == 9 * 4 + 3)
  }

  /// Nine rounds in which the first counter reads 1, 2 … 9 and the second what is made of it.
  private func showOneCounter(ofOneSocket isOneSocket: Bool, _ second: (Double) -> Double) -> Bool {
    let rounds: [CounterSweeps.Round] = (1...9).map { round in
      let readings: [Double] = [Double(round), second(Double(round))]
      return (readings, readings)
    }
    return CounterSweeps(rounds: rounds).showOneCounter(0, 1, ofOneSocket: isOneSocket)
  }

  @Test func tellsACommonCounterFromTwo() {
    // Alike but for where they began, as counters of the power PMU are.
    #expect(showOneCounter(ofOneSocket: true) { $0 + 0.25 })
    #expect(!showOneCounter(ofOneSocket: false) { $0 + 0.25 })
    #expect(!showOneCounter(ofOneSocket: true) { $0 * 1.001 })
    // A quarter of the readings fell between two writes.
    #expect(showOneCounter(ofOneSocket: false) { $0.truncatingRemainder(dividingBy: 4) == 0 ? $0 - 0.1 : $0 })
    // Where the counter changed in each round, nothing is known.
    let restless = CounterSweeps(rounds: [([1, 1], [2, 2]), ([3, 3], [4, 4]), ([5, 5], [6, 6])])
    #expect(!restless.showOneCounter(0, 1, ofOneSocket: true))
    let equal = CounterSweeps(rounds: [([7, 7], [7, 7])])
    #expect(!equal.showOneCounter(0, 1, ofOneSocket: false))
    #expect(equal.showOneCounter(0, 1, ofOneSocket: false, ofRunningSystem: true))
    let still = CounterSweeps(rounds: [([0, 0], [0, 0]), ([0, 0], [0, 0])])
    #expect(!still.showOneCounter(0, 1, ofOneSocket: true, ofRunningSystem: true))
    #expect(!CounterSweeps(rounds: []).showOneCounter(0, 1, ofOneSocket: true))
  }
}
