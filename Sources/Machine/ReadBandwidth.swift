/// How fast some threads, with some streams each, read memory that no cache holds.
package struct ReadBandwidth: Equatable, Sendable {
  package var threads: Int
  /// Places that each thread reads alternately.
  package var streams: Int
  package var bufferBytes: Int
  /// False where the buffer had to be so small that caches may have helped.
  package var exceedsCaches: Bool
  /// One for each chunk of about a quarter of a millisecond, all threads together.
  package var bytesPerSecond: [Double]

  package init(threads: Int, streams: Int, bufferBytes: Int, exceedsCaches: Bool, bytesPerSecond: [Double]) {
    self.threads = threads
    self.streams = streams
    self.bufferBytes = bufferBytes
    self.exceedsCaches = exceedsCaches
    self.bytesPerSecond = bytesPerSecond
  }

  package var best: Double? { bytesPerSecond.max() }

  package var median: Double? {
    let sorted = bytesPerSecond.sorted()
    guard !sorted.isEmpty else { return nil }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}

/// How much memory a probe of bandwidth reads.
package struct ProbeBuffer: Equatable, Sendable {
  package let bytesPerThread: Int
  package let exceedsCaches: Bool

  package static let granule = 2 << 20

  /// Twice the last-level caches that the threads can reach, within a quarter of the memory that is free and within
  /// what one thread can touch in a fraction of a second.
  package static func choose(
    threads: Int, cacheBytes: Int?, cacheInstances: Int, availableBytes: Int?
  ) -> ProbeBuffer {
    let threads = max(1, threads)
    let reachable = cacheBytes.map { saturated($0, max(1, min(cacheInstances, threads))) }
    let wanted = max(saturated(reachable ?? 128 << 20, 2) / threads, 32 << 20)
    let allowed = min((availableBytes ?? 1 << 30) / 4 / threads, 768 << 20)
    let perThread = max(1, min(wanted, allowed) / granule) * granule
    return ProbeBuffer(
      bytesPerThread: perThread, exceedsCaches: reachable.map { saturated(perThread, threads) > $0 } ?? false)
  }

  private static func saturated(_ a: Int, _ b: Int) -> Int {
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? .max : product
  }
}
