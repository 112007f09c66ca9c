/// A source of energy or power readings, or the reason why a kind of source is not there.
package struct Sensor: Codable, Equatable, Sendable {
  package enum Kind: String, Codable, Sendable {
    case perf, powercap, hwmon, battery
  }

  package enum Domain: String, Codable, Sendable {
    case package, memory, core, graphics, platform, other
    /// A package and its memory together.
    case socket
  }

  package enum Quantity: String, Codable, Sendable {
    /// A counter that only grows, but for wraps.
    case energy
    /// A value of the moment, to be integrated.
    case power
  }

  package var kind: Kind
  /// As the kernel names it: `package-0`, `package-0/dram`, `amd_energy Esocket0`.
  package var name: String
  package var domain: Domain
  package var quantity: Quantity
  /// The file to read again, below the root; nil where a whole kind is absent.
  package var path: String?
  /// One reading, in joules or watts.
  package var reading: Finding<Double>
  /// Where an energy counter starts again from zero, in joules.
  package var wrapJoules: Double?
  /// Why the reading must not be added to others; nil where it may be.
  package var excluded: String?
  /// The name of the sensor that shows the same counter and is counted instead; nil where there is none.
  package var mirrors: String?
  /// The most power that the sensor's part is allowed to draw, where the system states it.
  package var limitWatts: Double?
  /// How often the reading changes, where the system states it.
  package var refreshSeconds: Double?
  /// Where the reading comes from when that is not a file.
  package var counter: PerfCounter?

  package init(
    kind: Kind, name: String, domain: Domain, quantity: Quantity, path: String?, reading: Finding<Double>,
    wrapJoules: Double? = nil, excluded: String? = nil, limitWatts: Double? = nil, refreshSeconds: Double? = nil,
    counter: PerfCounter? = nil
  ) {
    self.kind = kind
    self.name = name
    self.domain = domain
    self.quantity = quantity
    self.path = path
    self.reading = reading
    self.wrapJoules = wrapJoules
    self.excluded = excluded
    self.limitWatts = limitWatts
    self.refreshSeconds = refreshSeconds
    self.counter = counter
  }

  /// Whether it can be read and counted.
  package var isUsable: Bool { reading.value != nil && excluded == nil }

  enum CodingKeys: String, CodingKey {
    case kind, name, domain, quantity, path, reading, excluded, mirrors, counter
    case wrapJoules = "wrap_joules"
    case limitWatts = "limit_watts"
    case refreshSeconds = "refresh_seconds"
  }

  static func discover(_ files: SystemFiles) -> [Sensor] {
    var sensors = perf(files) + powercap(files) + hwmon(files) + batteries(files)
    excludeMirrors(&sensors, files)
    return sensors
  }

  /// Stands for a kind of which there is none.
  static func none(_ kind: Kind, _ domain: Domain, _ quantity: Quantity, _ reason: String) -> Sensor {
    Sensor(kind: kind, name: kind.rawValue, domain: domain, quantity: quantity, path: nil, reading: .absent(reason))
  }
}
