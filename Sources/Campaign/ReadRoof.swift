import Machine

/// The read bandwidth of this machine at one moment: what decode, which reads every weight for each token, cannot exceed.
package struct ReadRoof: Sendable, Equatable {
  /// The median of the best number of streams.
  package var bytesPerSecond: Double
  /// False where the buffer was so small that caches may have helped.
  package var exceedsCaches: Bool

  package init(bytesPerSecond: Double, exceedsCaches: Bool) {
    self.bytesPerSecond = bytesPerSecond
    self.exceedsCaches = exceedsCaches
  }

  static func measure(threads: Int, on machine: MachineDescription) -> Finding<ReadRoof> {
    ReadBandwidthProbe.measure(threads: threads, streams: [4, 8], on: machine).map { results in
      let medians = results.compactMap { result in result.median.map { ($0, result.exceedsCaches) } }
      guard let best = medians.max(by: { $0.0 < $1.0 }), best.0 > 0 else {
        throw Absence(.missing, "the probe of read bandwidth took no sample")
      }
      return ReadRoof(bytesPerSecond: best.0, exceedsCaches: best.1)
    }
  }
}
