import Machine
import Metering
import TestSupport
import Testing

@Suite struct SensorChoiceTests {
  private func choices(_ tree: FakeTree) -> [SensorChoice] {
    SensorChoice.all(of: withExtendedLifetime(tree) { MachineDescription.read(root: tree.root).sensors })
  }

  private func sensor(
    _ kind: Sensor.Kind, _ name: String, _ domain: Sensor.Domain, reading: Finding<Double> = .found(1),
    quantity: Sensor.Quantity = .energy
  ) -> Sensor {
    Sensor(kind: kind, name: name, domain: domain, quantity: quantity, path: "/\(name)", reading: reading)
  }

  @Test func countsEachSocketOfAServerOnce() {
    let choices = choices(EnergyTrees.server())
    #expect(choices.count == 1)
    #expect(choices[0].method == .rapl && choices[0].tier == "B1" && choices[0].boundary == .packageAndMemory)
    // No twin through MMIO, no core.
    #expect(
      choices[0].sensors.map(\.path)
        == ["0", "1", "0:0", "1:0"].map {
          "/sys/class/powercap/intel-rapl:\($0)/energy_uj"
        })
  }

  @Test func leavesThePlatformOfAClientOut() {
    let choices = choices(EnergyTrees.client())
    #expect(choices.map { $0.sensors.map(\.name) } == [["package-0"]])
    #expect(choices[0].boundary == .package)
  }

  @Test func leavesTheOneCoreOfAMDOut() {
    #expect(choices(EnergyTrees.epyc()).map { $0.sensors.map(\.name) } == [["package-0"]])
  }

  @Test func takesGracesSocketWithItsMemory() {
    let choices = choices(EnergyTrees.grace())
    #expect(choices[0].sensors.map(\.name) == ["power_meter Grace Power Socket 0"])
    #expect(choices[0].method == .hwmon && choices[0].boundary == .packageAndMemory)
    // The module's meter stands alone, behind it.
    #expect(choices.map(\.boundary) == [.packageAndMemory, .computer])
  }

  @Test func takesABatteryThatIsTheOnlySource() {
    #expect(choices(EnergyTrees.laptop()).map(\.method) == [.battery])
    #expect(choices(EnergyTrees.laptop(status: "Charging")).isEmpty)
    #expect(choices(EnergyTrees.laptop(status: "Full")).isEmpty)
  }

  @Test func findsNothingInAContainerOrAVirtualMachine() {
    #expect(choices(EnergyTrees.maskedContainer()).isEmpty)
    #expect(choices(EnergyTrees.virtualMachine()).isEmpty)
  }

  @Test func prefersWhatTheKernelWidens() {
    let choices = SensorChoice.all(of: [
      sensor(.battery, "BAT0", .platform, quantity: .power), sensor(.hwmon, "Esocket0", .package),
      sensor(.powercap, "package-0", .package), sensor(.perf, "energy-pkg", .package),
    ])
    #expect(choices.map { $0.sensors.map(\.name) } == [["energy-pkg"], ["package-0"], ["Esocket0"], ["BAT0"]])
  }

  @Test func takesAllPackagesOrNone() {
    let forbidden = sensor(.powercap, "package-1", .package, reading: .absent("may not be read"))
    #expect(SensorChoice.all(of: [sensor(.powercap, "package-0", .package), forbidden]).isEmpty)
    // Memory that cannot be read on one socket is left out on both, and the figure says so.
    let memory = [
      sensor(.powercap, "package-0/dram", .memory),
      sensor(.powercap, "package-1/dram", .memory, reading: .absent("may not be read")),
    ]
    let choices = SensorChoice.all(of: [sensor(.powercap, "package-0", .package)] + memory)
    #expect(choices.map { $0.sensors.map(\.name) } == [["package-0"]] && choices[0].boundary == .package)
  }
}
