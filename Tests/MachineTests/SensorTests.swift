import Machine
import TestSupport
import Testing

@Suite struct SensorTests {
  private func sensors(_ tree: FakeTree) -> [Sensor] { tree.describe().sensors }

  @Test func countsPackagesAndTheirMemoryOnce() {
    let powercap = sensors(FakeMachines.server()).filter { $0.kind == .powercap }
    #expect(
      powercap.filter(\.isUsable).map(\.name) == ["package-0", "package-1", "package-0/dram", "package-1/dram"])
    #expect(powercap.filter(\.isUsable).map(\.reading) == [.found(5), .found(5.000001), .found(1.5), .found(1.5)])
    let wraps = powercap.filter(\.isUsable).compactMap(\.wrapJoules)
    #expect(wraps == [Double](repeating: 262_143.32885, count: 4))
    // The parts, the platform and the second interface to a package would count the same joules again.
    let excluded = powercap.filter { $0.excluded != nil }.map(\.path)
    #expect(
      excluded == ["intel-rapl:2", "intel-rapl:0:1", "intel-rapl-mmio:0"].map { "/sys/class/powercap/\($0)/energy_uj" })
    #expect(excluded.count + 4 == powercap.count)
  }

  @Test func countsThePackageThatOnlyTheSecondInterfaceShows() {
    let tree = FakeTree()
    tree.addZone("intel-rapl-mmio:0", name: "package-0", microjoules: 1)
    #expect(sensors(tree).first { $0.kind == .powercap }?.isUsable == true)
  }

  @Test func tellsWhatIsForbiddenFromWhatIsMissing() {
    let tree = FakeMachines.server()
    tree.forbid("/sys/class/powercap/intel-rapl:0/energy_uj")
    let sensors = asOrdinaryUser { self.sensors(tree) }
    let package = sensors.first { $0.name == "package-0" && $0.path?.contains("mmio") == false }
    #expect(package?.reading.reason?.contains("may not be read by this user") == true)
    #expect(package?.reading.reason?.contains("chmod a+r /sys/class/powercap/intel-rapl:0/energy_uj") == true)
    #expect(package?.reading.reason?.contains("CVE-2020-8694") == true)
    #expect(sensors.first { $0.name == "package-1" }?.isUsable == true)
  }

  @Test func seesThatAContainerHidesTheZones() {
    let tree = EnergyTrees.maskedContainer()
    // The links of the class remain; the tree that they lead to is covered.
    let zone = sensors(tree).first { $0.kind == .powercap }
    #expect(zone?.name == "intel-rapl:0")
    #expect(zone?.reading.reason?.contains("containers hide /sys/devices/virtual/powercap") == true)
  }

  @Test func saysThatTheDriverFoundNothing() {
    let tree = FakeTree(["/sys/class/powercap/intel-rapl/enabled": "1\n"])
    #expect(
      sensors(tree).contains { $0.reading.reason?.contains("lists no RAPL zone") == true })
  }

  @Test func readsTheChipsOfADesktop() {
    let sensors = sensors(FakeMachines.desktop()).filter { $0.kind == .hwmon }
    #expect(
      sensors.map(\.name) == ["amd_energy Ecore000", "amd_energy Esocket0", "amdgpu power1", "power_meter power1"])
    #expect(sensors.map(\.domain) == [.core, .package, .graphics, .platform])
    #expect(sensors.map(\.reading.value) == [0.25, 7, 31, nil])
    #expect(sensors.map(\.isUsable) == [false, true, false, false])
    // 4.29 MW, which a broken ACPI meter did report.
    #expect(sensors.last?.reading.reason?.contains("4290000.0 W is not plausible") == true)
  }

  @Test func readsABatteryOnlyWhileItDischarges() {
    let batteries = sensors(FakeMachines.desktop()).filter { $0.kind == .battery }
    #expect(batteries.map(\.name) == ["BAT0", "BAT1"])
    // 1.5 A at 12 V.
    #expect(batteries.first?.reading == .found(18))
    #expect(batteries.last?.reading.reason?.contains("is charging") == true)
    #expect(batteries.allSatisfy { $0.excluded != nil })
  }

  @Test(arguments: ["", "\n", "not a number\n", "-5\n", "99999999999999999999999\n", "\u{0}\u{1b}[31m7\n"])
  func refusesAnEnergyThatIsNoCount(text: String) {
    let tree = FakeMachines.server()
    tree.write("/sys/class/powercap/intel-rapl:0/energy_uj", text)
    let sensor = sensors(tree).first { $0.path == "/sys/class/powercap/intel-rapl:0/energy_uj" }
    #expect(sensor?.reading.value == nil)
    #expect(sensor?.reading.reason?.contains("\u{1b}") == false)
  }
}
