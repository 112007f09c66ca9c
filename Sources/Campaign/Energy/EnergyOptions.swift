import EnergyModel

/// What the user says about energy: where to read it, and what an estimate should know.
package struct EnergyOptions: Codable, Sendable, Hashable {
  package var overrides = EnergyProxy.Overrides()
  /// The path of a wall meter's log.
  package var meterLog: String?
  /// True where no sensor is to be read. Nil in plans of earlier versions.
  package var ignoresSensors: Bool?

  package init() {}

  package static let wattsRange = 0.1...100_000.0
  package static let facilityRange = 1.0...10.0

  func check() throws(CampaignError) {
    for (name, value, range) in [
      ("design watts", overrides.designWatts, Self.wattsRange),
      ("watts per thread", overrides.wattsPerThread, Self.wattsRange),
      ("host threads", overrides.hostThreads.map(Double.init), 1...1e6),
      ("facility factor", overrides.facilityFactor, Self.facilityRange),
    ] {
      guard let value, !range.contains(value) else { continue }
      throw CampaignError(.request, "\(name): \(value) cannot be; give \(range.lowerBound) to \(range.upperBound)")
    }
  }
}
