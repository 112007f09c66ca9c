import Records

extension Roofs {
  private static let kind = "roofs"

  /// The last ones measured here; nil where there are none.
  package static func load(from cache: MachineCache) throws(RecordError) -> Roofs? {
    guard let roofs = try cache.load(kind, as: Roofs.self) else { return nil }
    let figures =
      roofs.compute.map(\.flopsPerSecond) + roofs.bandwidth.map(\.bytesPerSecond) + roofs.latency.map(\.latencySeconds)
    guard figures.allSatisfy({ possible.contains($0.estimate.value) && possible.contains($0.best) }) else {
      throw RecordError(
        file: cache.path(of: kind) ?? kind,
        reason: "holds a figure that no machine has; it is ignored until it is measured anew")
    }
    return roofs
  }

  package func store(in cache: MachineCache) throws(RecordError) { try cache.store(self, as: Self.kind) }

  /// From a tenth of a nanosecond to far more operations than a second holds.
  private static let possible = 1e-10...1e24
}
