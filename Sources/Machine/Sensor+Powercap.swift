/// RAPL counters: `/sys/class/powercap/intel-rapl:N` for packages, `intel-rapl:N:M` for their parts. AMD's bear the
/// same names. Source: Linux `Documentation/power/powercap/powercap.rst`.
extension Sensor {
  private static let root = "/sys/class/powercap"

  static func powercap(_ files: SystemFiles) -> [Sensor] {
    let names: [String]
    do {
      names = try files.entries(root)
    } catch {
      return [
        none(
          .powercap, .package, .energy,
          "\(reason(error)): no RAPL driver (modprobe intel_rapl_msr), or a virtual machine")
      ]
    }
    let zones = names.filter { $0.hasPrefix("intel-rapl") && $0.contains(":") }
    guard !zones.isEmpty else {
      return [none(.powercap, .package, .energy, "\(root) lists no RAPL zone: the driver found no counters")]
    }
    var sensors = zones.map { zone(files, $0) }
    excludeTwins(&sensors)
    return sensors
  }

  private static func zone(_ files: SystemFiles, _ entry: String) -> Sensor {
    let directory = "\(root)/\(entry)"
    let own = Finding { try files.line("\(directory)/name") }
    let parts = entry.split(separator: ":")
    // intel-rapl:0:1 is a part of intel-rapl:0; parts of all packages bear equal names.
    let parent = parts.count > 2 ? try? files.line("\(root)/\(parts.dropLast().joined(separator: ":"))/name") : nil
    let name = own.value.map { own in parent.map { "\($0)/\(own)" } ?? own } ?? entry
    let domain = domain(own.value ?? "")
    let path = "\(directory)/energy_uj"
    return Sensor(
      kind: .powercap, name: name, domain: domain, quantity: .energy, path: path,
      reading: energy(files, path, listed: own.value != nil),
      wrapJoules: (try? files.natural("\(directory)/max_energy_range_uj")).map { Double($0) / 1e6 },
      excluded: raplExclusion(domain), limitWatts: limit(files, directory))
  }

  /// The highest of the limits that are or may be set: a client's short-term limit is several times its design power.
  private static func limit(_ files: SystemFiles, _ directory: String) -> Double? {
    let names = (0..<3).flatMap { ["constraint_\($0)_max_power_uw", "constraint_\($0)_power_limit_uw"] }
    let limits = names.compactMap { try? files.natural("\(directory)/\($0)") }
    return limits.max().flatMap { $0 > 0 ? Double($0) / 1e6 : nil }
  }

  private static func energy(_ files: SystemFiles, _ path: String, listed: Bool) -> Finding<Double> {
    do {
      return .found(Double(try files.natural(path)) / 1e6)
    } catch let absence as Absence where absence.cause == .forbidden {
      return .absent(
        """
        \(absence.reason): since 2020 the counter is for root. An administrator may allow it, at the price of a known \
        side channel (CVE-2020-8694): chmod a+r \(path)
        """)
    } catch let absence as Absence where absence.cause == .missing && !listed {
      return .absent(
        """
        \(absence.reason), though its zone is listed: containers hide /sys/devices/virtual/powercap. An administrator \
        may mount it into the container, read-only
        """)
    } catch {
      return .absent(reason(error))
    }
  }

  private static func domain(_ name: String) -> Domain {
    if name.hasPrefix("package") { return .package }
    switch name {
    case "dram": return .memory
    case "core": return .core
    case "uncore": return .graphics
    case "psys": return .platform
    default: return .other
    }
  }

  /// Which of the domains of RAPL must not be added to a sum.
  static func raplExclusion(_ domain: Domain) -> String? {
    switch domain {
    case .package, .memory, .socket: nil
    // On AMD it is one core's energy, whatever its name promises.
    case .core, .graphics: "its energy is already in the package's"
    case .platform: "it includes the packages, and is scaled differently from machine to machine"
    case .other: "what it covers is not known"
    }
  }

  /// One package may be counted through two interfaces, MSR and MMIO.
  private static func excludeTwins(_ sensors: inout [Sensor]) {
    let memoryMapped = "\(root)/intel-rapl-mmio:"
    let direct = Set(sensors.filter { $0.path?.hasPrefix(memoryMapped) == false && $0.excluded == nil }.map(\.name))
    for index in sensors.indices where sensors[index].path?.hasPrefix(memoryMapped) == true {
      if direct.contains(sensors[index].name) {
        sensors[index].excluded = "the same counter as the zone of that name that is read through MSRs"
      }
    }
  }

  static func reason(_ error: any Error) -> String { (error as? Absence)?.reason ?? "\(error)" }
}
