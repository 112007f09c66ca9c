/// What energy costs on a class of machine before anything was measured on it.
package struct EnergyPrior: Equatable, Sendable {
  package enum Boundary: String, Sendable {
    /// Packages and memory, direct current.
    case packageAndMemory = "package+dram"
    /// The whole server at its plug, memory included.
    case wall
  }

  package var name: String
  package var boundary: Boundary
  package var spreads: [EnergyTerm: Spread]
  package var source: String
  /// False for the row of machines of which no design is known.
  package var isOfItsClass: Bool
  /// Whether a core may have two threads; where it has one, a virtual processor is the same whatever its host calls it.
  package var mayHaveSiblings: Bool

  package init(
    name: String, boundary: Boundary, spreads: [EnergyTerm: Spread], source: String, isOfItsClass: Bool,
    mayHaveSiblings: Bool = true
  ) {
    self.name = name
    self.boundary = boundary
    self.spreads = spreads
    self.source = source
    self.isOfItsClass = isOfItsClass
    self.mayHaveSiblings = mayHaveSiblings
  }
}

/// The one table of coefficients. Every row says where it is from; low, middle and high bound 95 % of what is believed.
///
/// Idle and busy are watts of one hardware thread. Rows of RAPL have the package's middle and, as their high, what servers
/// draw at the plug. Rows of SPECpower alone are of whole servers with integer work: a wall boundary, and too low for wide
/// vectors rather than too high. A row with one value is taken to be right within a factor of 1.5.
package enum EnergyPriors {
  package static let version = 2
  package static let identity = "inferometer-priors"

  private typealias Row = (
    name: String, boundary: EnergyPrior.Boundary, idle: Spread, busy: Spread, memory: Memory, source: String
  )

  private static let kepler = "Kepler model database (RAPL on EC2 bare metal, 2024)"
  private static let specPower = "SPECpower_ssj2008 results to 2026-03, W per hardware thread"

  // swift-format-ignore
  private static let rows: [Row] = [
    // name               boundary           idle W/thread         busy W/thread           memory  source
    ("broadwell",         .packageAndMemory, Spread(0.6, 1.0, 1.3), Spread(1.3, 2.2, 3.2),   .ddr4, "\(kepler), i3.metal; high: \(specPower)"),
    ("skylake",           .packageAndMemory, Spread(0.5, 0.7, 1.0), Spread(2.0, 3.4, 4.7),   .ddr4, "\(kepler), m5, c5, r5; high: \(specPower)"),
    ("ice-lake",          .wall,             Spread(0.4, 0.9, 2.3), Spread(1.8, 3.2, 4.2),   .ddr4, specPower),
    ("sapphire-rapids",   .packageAndMemory, Spread(0.6, 0.9, 1.2), Spread(1.3, 3.15, 4.2),  .ddr5, "\(kepler), m7i; high: \(specPower)"),
    ("emerald-rapids",    .wall,             .single(0.86),         .single(2.78),           .ddr5, specPower),
    ("granite-rapids",    .wall,             .single(0.65),         .single(2.18),           .ddr5, specPower),
    ("sierra-forest",     .wall,             .single(0.68),         .single(1.72),           .ddr5, specPower),
    ("zen",               .wall,             .single(0.82),         .single(1.73),           .ddr4, "\(specPower), Naples"),
    ("zen2",              .wall,             .single(0.46),         .single(1.22),           .ddr4, "\(specPower), Rome"),
    ("zen3",              .wall,             .single(0.46),         .single(1.50),           .ddr4, "\(specPower), Milan"),
    ("zen4",              .wall,             .single(0.28),         .single(1.28),           .ddr5, "\(specPower), Genoa and Bergamo"),
    ("zen5",              .wall,             .single(0.235),        .single(1.09),           .ddr5, "\(specPower), Turin"),
    ("neoverse-n1",       .wall,             .single(0.6),          Spread(0.5, 1.1, 1.5),   .ddr4, "\(specPower), Altra, W per core"),
    ("neoverse-v",        .wall,             Spread(0.2, 0.4, 0.8), Spread(0.8, 1.3, 2.2),   .ddr5, "no data of its own: by analogy to other server cores"),
    ("unknown",           .packageAndMemory, Spread(0.2, 0.7, 2.4), Spread(0.8, 2.4, 7.0),   .any,  "the span of all rows, thrice either way"),
  ]

  /// Joules per operation: the floor is the bare adder and multiplier in 7 nm (Jouppi et al., ISCA 2021, table 2), the
  /// ceiling the design power over the peak rate. Bounds of engineering, not literature.
  private static let operations: [EnergyTerm: Spread] = [
    .float32: Spread(1e-12, 4e-12, 12e-12), .bfloat16: Spread(0.5e-12, 2e-12, 6e-12),
    .int8: Spread(0.1e-12, 0.8e-12, 3e-12), .tileBFloat16: Spread(0.2e-12, 0.6e-12, 1.3e-12),
    .tileInt8: Spread(0.05e-12, 0.3e-12, 0.65e-12),
    // Kepler's counter fits: 8 to 21 pJ a byte for the transport of a missed line on the package.
    .cacheByte: Spread(4e-12, 12e-12, 21e-12),
  ]

  /// Joules per byte from memory: below, what the devices alone take (4.5 pJ a bit of DDR4, Vogelsang, MICRO 2010); in the
  /// middle and above, devices and interface by Micron's current checks as gem5 states them. No meter of a server backs the
  /// middle, so that the row is that wide. Watts per gigabyte that is only kept are RAPL's of Kepler's hosts below, and of
  /// makers' modules above.
  private enum Memory {
    case ddr4, ddr5, any

    var byte: Spread {
      switch self {
      case .ddr4: Spread(36e-12, 160e-12, 320e-12)
      case .ddr5: Spread(30e-12, 130e-12, 250e-12)
      case .any: Spread(30e-12, 130e-12, 320e-12)
      }
    }

    static let kept = Spread(0.03, 0.1, 0.4)
  }

  /// Designs whose cores have one thread each.
  private static let singleThreaded: Set = ["sierra-forest", "neoverse-n1", "neoverse-v"]

  package static var names: [String] { rows.map(\.name) }

  /// The row of a class, or that of machines of which nothing is known.
  package static func prior(for name: String) -> EnergyPrior {
    let row = rows.first { $0.name == name } ?? rows[rows.count - 1]
    var spreads = operations
    spreads[.idleThread] = row.idle
    spreads[.busyThread] = row.busy
    spreads[.memoryByte] = row.memory.byte
    // A whole server's idle power has its memory in it.
    if row.boundary == .packageAndMemory { spreads[.memoryStatic] = Memory.kept }
    return EnergyPrior(
      name: row.name, boundary: row.boundary, spreads: spreads, source: row.source,
      isOfItsClass: row.name != rows[rows.count - 1].name, mayHaveSiblings: !singleThreaded.contains(row.name))
  }
}
