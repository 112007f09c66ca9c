import Machine

/// Sensors that together measure this computer's energy once, and what a figure of theirs covers.
package struct SensorChoice: Equatable, Sendable {
  package enum Method: String, Sendable {
    case wall = "measured.wall"
    case rapl = "measured.rapl"
    case hwmon = "measured.hwmon"
    case battery = "measured.battery"
  }

  package enum Boundary: String, Sendable {
    case package
    case packageAndMemory = "package+dram"
    case computer = "node_dc"
    case wall
  }

  package var method: Method
  /// A for the wall, B1 to B4 for sensors inside, best first.
  package var tier: String
  package var boundary: Boundary
  package var sensors: [Sensor]

  /// What can be used, best first. Never two kinds at once: they count the same joules.
  package static func all(of sensors: [Sensor]) -> [SensorChoice] {
    [
      rapl(.perf, sensors), rapl(.powercap, sensors), hwmon(.energy, sensors), hwmon(.power, sensors),
      alone(.hwmon, .hwmon, "B2", sensors), alone(.battery, .battery, "B4", sensors),
    ].compactMap(\.self)
  }

  private static func rapl(_ kind: Sensor.Kind, _ sensors: [Sensor]) -> SensorChoice? {
    parts(.rapl, "B1", sensors.filter { $0.kind == kind })
  }

  private static func hwmon(_ quantity: Sensor.Quantity, _ sensors: [Sensor]) -> SensorChoice? {
    parts(.hwmon, "B2", sensors.filter { $0.kind == .hwmon && $0.quantity == quantity })
  }

  /// All packages or none: a sum without one of them would be too small and look like a measurement. Memory likewise.
  private static func parts(_ method: Method, _ tier: String, _ sensors: [Sensor]) -> SensorChoice? {
    let counted = sensors.filter { $0.excluded == nil }
    let packages = counted.filter { $0.domain == .package || $0.domain == .socket }
    let memories = counted.filter { $0.domain == .memory }
    guard !packages.isEmpty, packages.allSatisfy(\.isUsable) else { return nil }
    let hasMemory = !memories.isEmpty && memories.allSatisfy(\.isUsable)
    let isWhole = hasMemory || packages.allSatisfy { $0.domain == .socket }
    return SensorChoice(
      method: method, tier: tier, boundary: isWhole ? .packageAndMemory : .package,
      sensors: packages + (hasMemory ? memories : []))
  }

  /// Sensors of the whole computer. Several batteries share the load; where there are several chips, nobody knows which meters what.
  private static func alone(
    _ kind: Sensor.Kind, _ method: Method, _ tier: String, _ sensors: [Sensor]
  ) -> SensorChoice? {
    let whole = sensors.filter { $0.kind == kind && $0.domain == .platform && $0.quantity == .power }
    let readable = whole.filter { $0.reading.value != nil }
    guard kind == .battery ? !readable.isEmpty : whole.count == 1 && readable.count == 1 else { return nil }
    return SensorChoice(method: method, tier: tier, boundary: .computer, sensors: readable)
  }
}

extension EnergyFacts {
  /// How far each kind of sensor may be trusted: studies of RAPL on servers, and makers' statements for the others.
  init(_ sensor: Sensor, vendor: String) {
    let uncertainty: Double
    let refresh: Double
    switch sensor.kind {
    case .perf, .powercap:
      // AMD models the package's power from its activity rather than measure it.
      let package = vendor == "GenuineIntel" ? 0.05 : 0.15
      (uncertainty, refresh) = (sensor.domain == .memory ? 0.2 : package, 0.001)
    case .hwmon: (uncertainty, refresh) = (0.1, sensor.quantity == .energy ? 0.1 : 1)
    // Fuel gauges write a new value every 1 to 30 s.
    case .battery: (uncertainty, refresh) = (0.1, 30)
    }
    // The largest packages are built for 500 W; a server with accelerators draws ten kilowatts and more.
    let limit = sensor.domain == .platform && sensor.kind == .hwmon ? Sensor.plausibleWatts.upperBound / 3 : 500
    self.init(
      name: sensor.name, quantity: sensor.quantity, wrapJoules: sensor.wrapJoules,
      limitWatts: sensor.limitWatts ?? limit, refreshSeconds: sensor.refreshSeconds ?? refresh,
      relativeUncertainty: uncertainty)
  }
}
