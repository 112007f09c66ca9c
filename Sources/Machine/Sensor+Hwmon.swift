/// Sensors of `/sys/class/hwmon`: energy in microjoules, power in microwatts.
/// Source: Linux `Documentation/hwmon/sysfs-interface.rst`.
extension Sensor {
  /// A value above is a broken sensor, of which there are reports in the megawatts.
  package static let plausibleWatts = 0.0...100_000.0

  static func hwmon(_ files: SystemFiles) -> [Sensor] {
    let root = "/sys/class/hwmon"
    let chips: [String]
    do {
      chips = try files.entries(root).filter { $0.hasPrefix("hwmon") }
    } catch {
      return [none(.hwmon, .platform, .power, reason(error))]
    }
    var sensors = chips.flatMap { chip in
      // The power meters of ACPI keep their files one level below.
      ["\(root)/\(chip)", "\(root)/\(chip)/device"].flatMap { self.chip(files, $0, name: name(files, root, chip)) }
    }
    // NVIDIA Grace: "Grace Power Socket 0" has "CPU Power Socket 0" in it.
    if sensors.contains(where: { $0.domain == .socket }) {
      for index in sensors.indices where sensors[index].domain == .package {
        sensors[index].excluded = "its power is already in the socket's"
      }
    }
    let none = none(.hwmon, .platform, .power, "no chip of \(root) measures energy or power")
    return sensors.isEmpty ? [none] : sensors
  }

  private static func name(_ files: SystemFiles, _ root: String, _ chip: String) -> String {
    (try? files.line("\(root)/\(chip)/name")) ?? (try? files.line("\(root)/\(chip)/device/name")) ?? chip
  }

  private static func chip(_ files: SystemFiles, _ directory: String, name: String) -> [Sensor] {
    let entries = (try? files.entries(directory)) ?? []
    return entries.compactMap { entry in
      let number = entry.drop { $0.isLetter }.prefix { $0.isNumber }
      let quantity: Quantity
      switch entry {
      case "energy\(number)_input": quantity = .energy
      case "power\(number)_input": quantity = .power
      case "power\(number)_average" where !entries.contains("power\(number)_input"): quantity = .power
      default: return nil
      }
      let stem = "\(directory)/\(quantity.rawValue)\(number)"
      let label = (try? files.line("\(stem)_label")) ?? (try? files.line("\(stem)_oem_info"))
      let domain = domain(chip: name, label: label ?? "")
      return Sensor(
        kind: .hwmon, name: "\(name) \(label ?? "\(quantity.rawValue)\(number)")", domain: domain, quantity: quantity,
        path: "\(directory)/\(entry)", reading: reading(files, "\(directory)/\(entry)", quantity),
        excluded: exclusion(domain), refreshSeconds: refresh(files, "\(stem)_average_interval"))
    }
  }

  /// The file is in milliseconds.
  private static func refresh(_ files: SystemFiles, _ path: String) -> Double? {
    (try? files.natural(path)).flatMap { $0 > 0 ? Double($0) / 1e3 : nil }
  }

  private static func reading(_ files: SystemFiles, _ path: String, _ quantity: Quantity) -> Finding<Double> {
    do {
      let value = Double(try files.natural(path)) / 1e6
      if quantity == .power, !plausibleWatts.contains(value) {
        return .absent("\(path): \(value) W is not plausible")
      }
      return .found(value)
    } catch let absence as Absence where absence.cause == .forbidden {
      return .absent("\(absence.reason): an administrator may allow it: chmod a+r \(path)")
    } catch {
      return .absent(reason(error))
    }
  }

  private static func domain(chip: String, label: String) -> Domain {
    switch (chip, label) {
    case ("amd_energy", _): label.hasPrefix("Esocket") ? .package : .core
    case ("power_meter", _) where label.hasPrefix("CPU Power Socket"): .package
    case ("power_meter", _) where label.hasPrefix("Grace Power Socket"): .socket
    case ("power_meter", _) where label.hasPrefix("SysIO"): .other
    case ("power_meter", _): .platform
    case ("xgene", "CPU power"): .package
    case ("amdgpu", _), ("i915", _), ("xe", _), ("nouveau", _): .graphics
    default: .other
    }
  }

  private static func exclusion(_ domain: Domain) -> String? {
    switch domain {
    case .package, .memory, .socket: nil
    case .platform: "it includes the packages: use it alone"
    case .core: "its energy is already in the socket's"
    case .graphics: "the graphics device does not run this work"
    case .other: "what it covers is not known"
    }
  }
}
