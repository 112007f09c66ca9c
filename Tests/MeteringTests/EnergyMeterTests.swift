import Machine
import Metering
import TestSupport
import Testing

@Suite struct EnergyMeterTests {
  private static let second: UInt64 = 1_000_000_000

  /// A source that grows by the given watts on the scripted clock.
  private func counter(_ clock: ScriptedClock, watts: Double, uncertainty: Double) -> PolledSource {
    PolledSource(
      EnergyFacts(
        name: "\(watts) W", quantity: .energy, refreshSeconds: 0.001, relativeUncertainty: uncertainty),
      timekeeper: clock
    ) { Double(clock.nanoseconds()) / 1e9 * watts }
  }

  private func absence(_ meter: EnergyMeter) -> EnergyAbsence? {
    do throws(EnergyAbsence) {
      _ = try meter.end()
      return nil
    } catch {
      return error
    }
  }

  @Test func addsSourcesWhoseErrorsAddToo() throws {
    let clock = ScriptedClock()
    let meter = EnergyMeter(
      .rapl, tier: "B1", boundary: .packageAndMemory,
      sources: [counter(clock, watts: 100, uncertainty: 0.05), counter(clock, watts: 20, uncertainty: 0.2)],
      timekeeper: clock)
    meter.begin()
    clock.advance(nanoseconds: 2 * Self.second)
    let energy = try meter.end()
    #expect(abs(energy.joules.value - 240) < 1e-9 && energy.window == 2)
    // 5 % of 200 J and 20 % of 40 J, with steps of a millisecond in two seconds beside them.
    let edges = 200 * 0.0005 * (1 + 0.04).squareRoot()
    #expect(abs(energy.halfWidthJoules.value - (18.0 * 18 + edges * edges).squareRoot()) < 1e-9)
  }

  @Test func startsEachWindowAnew() throws {
    let clock = ScriptedClock()
    let meter = EnergyMeter(
      .rapl, tier: "B1", boundary: .package, sources: [counter(clock, watts: 100, uncertainty: 0)], timekeeper: clock)
    for seconds in 1...3 {
      meter.begin()
      clock.advance(nanoseconds: UInt64(seconds) * Self.second)
      #expect(abs(try meter.end().joules.value - 100 * Double(seconds)) < 1e-9)
      clock.advance(nanoseconds: Self.second)
    }
  }

  private func server(_ tree: FakeTree, _ clock: ScriptedClock) throws -> EnergyMeter {
    let machine = MachineDescription.read(root: tree.root)
    return try EnergyMeter(
      try #require(SensorChoice.all(of: machine.sensors).first), vendor: machine.vendor, root: tree.root,
      timekeeper: clock)
  }

  @Test func readsTheFilesOfAServer() throws {
    let tree = EnergyTrees.server()
    let clock = ScriptedClock()
    let meter = try server(tree, clock)
    meter.begin()
    clock.advance(nanoseconds: Self.second)
    // 100 J and 120 J, of which one is a wrap; 10 J of memory each.
    tree.write("/sys/class/powercap/intel-rapl:0/energy_uj", "105000000\n")
    tree.write("/sys/class/powercap/intel-rapl:1/energy_uj", "125000000\n")
    for socket in 0..<2 { tree.write("/sys/class/powercap/intel-rapl:\(socket):0/energy_uj", "11000000\n") }
    #expect(abs(try meter.end().joules.value - 240) < 1e-9)
    #expect(meter.sources.map(\.facts.limitWatts) == [270, 270, 500, 500])
  }

  @Test func saysThatAFileVanishedWhileItMeasured() throws {
    let tree = EnergyTrees.server()
    let clock = ScriptedClock()
    let meter = try server(tree, clock)
    meter.begin()
    clock.advance(nanoseconds: Self.second)
    tree.remove("/sys/class/powercap/intel-rapl:1/energy_uj")
    for socket in 0..<2 { tree.write("/sys/class/powercap/intel-rapl:\(socket):0/energy_uj", "11000000\n") }
    tree.write("/sys/class/powercap/intel-rapl:0/energy_uj", "105000000\n")
    let absence = absence(meter)
    #expect(absence?.code == .sensorGap)
    #expect(absence?.reason.contains("there is no /sys/class/powercap/intel-rapl:1/energy_uj") == true)
  }

  @Test func saysThatACableWasPluggedInWhileItMeasured() throws {
    let tree = EnergyTrees.laptop()
    let clock = ScriptedClock()
    let meter = try server(tree, clock)
    #expect(meter.boundary == .computer)
    meter.begin()
    clock.advance(nanoseconds: 100 * Self.second)
    tree.write("/sys/class/power_supply/BAT0/status", "Charging\n")
    #expect(absence(meter)?.reason.contains("only a discharge measures") == true)
  }

  @Test func asksABatteryForMinutes() throws {
    let clock = ScriptedClock()
    let meter = try server(EnergyTrees.laptop(), clock)
    meter.begin()
    clock.advance(nanoseconds: 10 * Self.second)
    #expect(absence(meter)?.code == .windowTooShort)
  }

  @Test func alignsALogByItsTimes() throws {
    let tree = FakeTree()
    tree.write("/log.csv", (0..<20).map { "\(1_769_851_800 + $0),\($0 < 10 ? 50 : 150)\n" }.joined())
    let clock = ScriptedClock(start: 5 * Self.second)
    let log = try MeterLog(tree.root + "/log.csv", timekeeper: clock, clockZero: 1_769_851_800)
    let meter = EnergyMeter(log: log, timekeeper: clock)
    meter.begin()
    clock.advance(nanoseconds: 10 * Self.second)
    // Four seconds of 50 W, one that rises to 150 W, five of those.
    #expect(abs(try meter.end().joules.value - (200 + 100 + 750)) < 1e-9)
    #expect(meter.boundary == .wall && meter.tier == "A")
  }
}
