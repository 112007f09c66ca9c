import Machine
import TestSupport
import Testing

@Suite struct EnergySensorTests {
  @Test func findsThePowerEventsOfEachPackage() {
    let tree = FakeTree()
    tree.addPowerEvents(["energy-pkg": "0x02", "energy-ram": "0x03", "energy-psys": "0x05"], processors: "0,28")
    let sensors = tree.describe().sensors.filter { $0.kind == .perf }
    #expect(
      sensors.map(\.name) == [
        "power/energy-pkg cpu0", "power/energy-pkg cpu28", "power/energy-ram cpu0", "power/energy-ram cpu28",
        "power/energy-psys cpu0", "power/energy-psys cpu28",
      ])
    #expect(sensors.map(\.domain) == [.package, .package, .memory, .memory, .platform, .platform])
    #expect(sensors.map { $0.excluded == nil } == [true, true, true, true, false, false])
    #expect(sensors[1].counter?.configuration == 2 && sensors[1].counter?.processor == 28)
    // 2^-32 J.
    #expect(sensors[1].counter?.joulesPerCount == 0x1p-32)
    #expect(sensors[1].reading.reason == "only a running system can be asked")
  }

  @Test(arguments: ["event=0x", "config=2", "event=0xzz", ""]) func refusesAnEventThatIsNone(text: String) {
    let tree = FakeTree()
    tree.addPowerEvents(["energy-pkg": "0x02"], processors: "0")
    tree.write("/sys/bus/event_source/devices/power/events/energy-pkg", text)
    let sensor = tree.describe().sensors[0]
    #expect(sensor.counter == nil && sensor.reading.reason?.contains("events/energy-pkg") == true)
  }

  @Test func refusesAScaleThatIsNoShareOfAJoule() {
    for (scale, unit) in [("0", "Joules"), ("nan", "Joules"), ("7", "Joules"), ("1e-9", "Watts")] {
      let tree = FakeTree()
      tree.addPowerEvents(["energy-pkg": "0x02"], processors: "0")
      tree.write("/sys/bus/event_source/devices/power/events/energy-pkg.scale", scale)
      tree.write("/sys/bus/event_source/devices/power/events/energy-pkg.unit", unit)
      #expect(tree.describe().sensors[0].reading.reason?.contains("not a share of a joule") == true)
    }
  }

  @Test func countsGracesSocketOnce() {
    let sensors = EnergyTrees.grace().describe().sensors.filter { $0.kind == .hwmon }
    #expect(sensors.map(\.domain) == [.socket, .package, .other, .platform])
    #expect(sensors.filter(\.isUsable).map(\.name) == ["power_meter Grace Power Socket 0"])
    #expect(sensors[0].reading == .found(150) && sensors[0].refreshSeconds == 0.05)
    #expect(sensors[1].excluded == "its power is already in the socket's")
  }

  @Test func readsAgainWhatItFound() throws {
    let tree = EnergyTrees.server()
    let sensor = tree.describe().sensors.first { $0.name == "package-1" }
    #expect(sensor?.limitWatts == 270)
    let read = try #require(try sensor?.reader(SystemFiles(root: tree.root)))
    tree.write("/sys/class/powercap/intel-rapl:1/energy_uj", "6500000\n")
    #expect(try read() == 6.5)
    tree.remove("/sys/class/powercap/intel-rapl:1/energy_uj")
    #expect { try read() } throws: { ($0 as? Absence)?.cause == .missing }
  }
}
