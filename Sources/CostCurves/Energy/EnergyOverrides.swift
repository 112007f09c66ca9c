extension EnergyProxy {
  /// What a user knows of the machine and its surroundings.
  package struct Overrides: Codable, Hashable, Sendable {
    /// The most that the host's packages draw for long, in watts.
    package var designWatts: Double?
    /// Of one hardware thread that is busy, idle share included.
    package var wattsPerThread: Double?
    /// Of the host, of which this computer may be a part.
    package var hostThreads: Int?
    /// Power usage effectiveness: the data centre's energy over its computers'.
    package var facilityFactor: Double?

    package init() {}
  }
}
