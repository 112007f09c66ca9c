/// Computers whose energy can be read in as many ways, or in none.
package enum EnergyTrees {
  /// Two sockets of Intel servers: packages, their memory, and what must not be added to them.
  package static func server() -> FakeTree {
    let tree = FakeTree(["/proc/cpuinfo": "vendor_id\t: GenuineIntel\nmodel name\t: Xeon\n"])
    for socket in 0..<2 {
      tree.addZone("intel-rapl:\(socket)", name: "package-\(socket)", microjoules: 5_000_000)
      tree.addZone("intel-rapl:\(socket):0", name: "dram", microjoules: 1_000_000)
      tree.addZone("intel-rapl:\(socket):1", name: "core", microjoules: 4_000_000)
      tree.addZone("intel-rapl-mmio:\(socket)", name: "package-\(socket)", microjoules: 5_000_000)
      tree.write("/sys/class/powercap/intel-rapl:\(socket)/constraint_0_max_power_uw", "270000000\n")
    }
    return tree
  }

  /// A client: one package without memory's counter, and the platform's.
  package static func client() -> FakeTree {
    let tree = FakeTree(["/proc/cpuinfo": "vendor_id\t: GenuineIntel\nmodel name\t: Core\n"])
    tree.addZone("intel-rapl:0", name: "package-0", microjoules: 3_000_000)
    tree.addZone("intel-rapl:0:0", name: "core", microjoules: 2_000_000)
    tree.addZone("intel-rapl:0:1", name: "uncore", microjoules: 100_000)
    tree.addZone("intel-rapl:1", name: "psys", microjoules: 9_000_000)
    return tree
  }

  /// AMD's zones bear Intel's names; the core zone is one core's.
  package static func epyc() -> FakeTree {
    let tree = FakeTree(["/proc/cpuinfo": "vendor_id\t: AuthenticAMD\nmodel name\t: EPYC\n"])
    tree.addZone("intel-rapl:0", name: "package-0", microjoules: 7_000_000, range: 65_532_610_987)
    tree.addZone("intel-rapl:0:0", name: "core", microjoules: 50_000, range: 65_532_610_987)
    return tree
  }

  /// NVIDIA Grace: averages of power, one of them with all the others in it.
  package static func grace() -> FakeTree {
    let tree = FakeTree(["/proc/cpuinfo": "CPU implementer\t: 0x41\n"])
    let labels = ["Grace Power Socket 0", "CPU Power Socket 0", "SysIO Power Socket 0", "Module Power Socket 0"]
    for (chip, (label, watts)) in zip(labels, [150, 90, 30, 400]).enumerated() {
      let directory = "/sys/class/hwmon/hwmon\(chip)"
      tree.write("\(directory)/name", "power_meter\n")
      tree.write("\(directory)/device/power1_average", "\(watts)000000\n")
      tree.write("\(directory)/device/power1_oem_info", "\(label)\n")
      tree.write("\(directory)/device/power1_average_interval", "50\n")
    }
    return tree
  }

  package static func laptop(status: String = "Discharging") -> FakeTree {
    FakeTree([
      "/sys/class/power_supply/BAT0/type": "Battery\n", "/sys/class/power_supply/BAT0/status": "\(status)\n",
      "/sys/class/power_supply/BAT0/power_now": "18000000\n",
    ])
  }

  /// The links of the class are there, what they lead to is hidden.
  package static func maskedContainer() -> FakeTree {
    let tree = FakeTree()
    for zone in ["intel-rapl", "intel-rapl:0"] {
      tree.link("/sys/class/powercap/\(zone)", to: "../../devices/virtual/powercap/intel-rapl/\(zone)")
    }
    return tree
  }

  /// A virtual machine to which the hypervisor shows the platform's event alone.
  package static func virtualMachine() -> FakeTree {
    let tree = FakeTree()
    tree.addPowerEvents(["energy-psys": "0x05"], processors: "0")
    tree.makeDirectory("/sys/class/power_supply")
    return tree
  }
}

extension FakeTree {
  /// A zone of RAPL; the range is that of a 32-bit counter of 61 µJ.
  package func addZone(_ zone: String, name: String, microjoules: Int, range: Int = 262_143_328_850) {
    let directory = "/sys/class/powercap/\(zone)"
    write("\(directory)/name", "\(name)\n")
    write("\(directory)/energy_uj", "\(microjoules)\n")
    write("\(directory)/max_energy_range_uj", "\(range)\n")
  }

  package func addPowerEvents(_ events: [String: String], processors: String) {
    let device = "/sys/bus/event_source/devices/power"
    write("\(device)/type", "9\n")
    write("\(device)/cpumask", "\(processors)\n")
    for (event, code) in events {
      write("\(device)/events/\(event)", "event=\(code)\n")
      write("\(device)/events/\(event).scale", "2.3283064365386962890625e-10\n")
      write("\(device)/events/\(event).unit", "Joules\n")
    }
  }
}
