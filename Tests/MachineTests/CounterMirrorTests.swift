import Foundation
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

  /// Counters that grow each millisecond while they are looked at: sockets with one counter, and with two.
  @Test(arguments: [(0, ["package-0"]), (1_000_000, ["package-0", "package-1"])])
  func looksAtSocketsWhileTheyGrow(apart: Int, expected: [String]) {
    let tree = tree([("intel-rapl:0", "package-0", 5_000_000), ("intel-rapl:1", "package-1", 5_000_000 + apart)])
    let files = (0..<2).compactMap {
      FileHandle(forUpdatingAtPath: "\(tree.root)/sys/class/powercap/intel-rapl:\($0)/energy_uj")
    }
    let isDone = Atomic(false)
    let ended = DispatchSemaphore(value: 0)
    withExtendedLifetime(tree) {
      DispatchQueue.global().async {
        var microjoules = 5_000_000
        while !isDone.load(ordering: .relaxed) {
          microjoules += 68_000
          for (file, more) in zip(files, [0, apart]) {
            let text = Array("\(microjoules + more)\n".utf8)
            pwrite(file.fileDescriptor, text, text.count, 0)
          }
          usleep(1000)
        }
        ended.signal()
      }
      #expect(counted(tree) == expected)
      isDone.store(true, ordering: .relaxed)
      ended.wait()
    }
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
    let still = CounterSweeps(rounds: [([0, 0], [0, 0]), ([0, 0], [0, 0])])
    #expect(!still.showOneCounter(0, 1, ofOneSocket: true))
    #expect(!CounterSweeps(rounds: []).showOneCounter(0, 1, ofOneSocket: true))
  }
}
