/// A battery's discharge is the power of the whole computer, display included.
extension Sensor {
  static func batteries(_ files: SystemFiles) -> [Sensor] {
    let root = "/sys/class/power_supply"
    let supplies: [String]
    do {
      supplies = try files.entries(root)
    } catch {
      return [none(.battery, .platform, .power, reason(error))]
    }
    let batteries = supplies.filter { supply in
      // Mice and headsets report batteries too; their scope is "Device".
      (try? files.line("\(root)/\(supply)/type")) == "Battery"
        && (try? files.line("\(root)/\(supply)/scope")) != "Device"
    }
    guard !batteries.isEmpty else { return [none(.battery, .platform, .power, "\(root) lists no battery")] }
    return batteries.map { battery in
      let directory = "\(root)/\(battery)"
      let direct = "\(directory)/power_now"
      return Sensor(
        kind: .battery, name: battery, domain: .platform, quantity: .power,
        path: files.exists(direct) ? direct : "\(directory)/current_now",
        reading: Finding { try watts(files, battery: directory) },
        excluded: "it includes everything in the computer: use it alone")
    }
  }

  static func watts(_ files: SystemFiles, battery directory: String) throws -> Double {
    let status = try files.line("\(directory)/status")
    guard status == "Discharging" else {
      throw Absence(.missing, "\(directory) is \(status.lowercased()): only a discharge measures the computer's power")
    }
    // Some drivers write a discharge as a negative number.
    if let microwatts = try? files.integer("\(directory)/power_now") { return Double(microwatts.magnitude) / 1e6 }
    let microamperes = Double(try files.integer("\(directory)/current_now").magnitude)
    return microamperes * Double(try files.natural("\(directory)/voltage_now")) / 1e12
  }
}
