import KernelContract
import Kernels
import Machine
import Records

/// What this machine can reach at most: operations by instruction set and type, bytes by level of memory, threads and streams,
/// and latency. Measured together, in rounds.
package struct Roofs: Codable, Sendable, Equatable {
  /// When they were measured, RFC 3339 in UTC.
  package var time: String
  package var method = Self.method
  package var compute: [Compute]
  package var bandwidth: [Bandwidth]
  package var latency: [Latency]

  package init(time: String, compute: [Compute] = [], bandwidth: [Bandwidth] = [], latency: [Latency] = []) {
    self.time = time
    self.compute = compute
    self.bandwidth = bandwidth
    self.latency = latency
  }

  package static let method =
    "median of rounds in which all probes take turns; interval by order statistics of the rounds"

  package struct Compute: Codable, Sendable, Equatable {
    package var probe: String
    package var type: ActivationFormat
    package var isa: InstructionSet
    package var threads: Int
    /// All threads together; operations on integers for int8.
    package var flopsPerSecond: RoofFigure

    package init(probe: String, type: ActivationFormat, isa: InstructionSet, threads: Int, flopsPerSecond: RoofFigure) {
      self.probe = probe
      self.type = type
      self.isa = isa
      self.threads = threads
      self.flopsPerSecond = flopsPerSecond
    }
  }

  package struct Bandwidth: Codable, Sendable, Equatable {
    package var level: String
    package var traffic: StreamProbe.Traffic
    package var threads: Int
    /// Places that each thread goes through alternately.
    package var streams: Int
    package var bytesPerThread: Int
    /// False where the buffer had to be so small that caches may have helped.
    package var isCertain: Bool
    /// All threads together, read and written; the lines that a store fetches first are not counted.
    package var bytesPerSecond: RoofFigure

    package init(
      level: String, traffic: StreamProbe.Traffic, threads: Int, streams: Int, bytesPerThread: Int, isCertain: Bool,
      bytesPerSecond: RoofFigure
    ) {
      self.level = level
      self.traffic = traffic
      self.threads = threads
      self.streams = streams
      self.bytesPerThread = bytesPerThread
      self.isCertain = isCertain
      self.bytesPerSecond = bytesPerSecond
    }
  }

  package struct Latency: Codable, Sendable, Equatable {
    package var level: String
    package var bytes: Int
    package var isCertain: Bool
    package var latencySeconds: RoofFigure

    package init(level: String, bytes: Int, isCertain: Bool, latencySeconds: RoofFigure) {
      self.level = level
      self.bytes = bytes
      self.isCertain = isCertain
      self.latencySeconds = latencySeconds
    }
  }
}

extension Roofs {
  static let streams = [1, 2, 4, 8]

  /// One thread, powers of two, and all.
  package static func threadCounts(processors: Int) -> [Int] {
    var counts = sequence(first: 1) { $0 * 2 < processors ? $0 * 2 : nil }.map(\.self)
    if processors > 1 { counts.append(processors) }
    return counts
  }

  /// Takes ten to twenty seconds on a few processors. `progress` is told how many threads are at work.
  package static func measure(
    on machine: MachineDescription, pace: RoofPace = .thorough, progress: (_ threads: Int) -> Void = { _ in }
  ) -> Finding<Roofs> {
    Finding {
      var roofs = Roofs(time: Timestamp.utc())
      for threads in threadCounts(processors: Processor.allowed.count) {
        progress(threads)
        try RoofSession(threads: threads, machine: machine, pace: pace).measure(into: &roofs)
      }
      return roofs
    }
  }

  package func flopsPerSecond(_ type: ActivationFormat, _ isa: InstructionSet, threads: Int) -> RoofFigure? {
    compute.first { $0.type == type && $0.isa == isa && $0.threads == threads }?.flopsPerSecond
  }

  /// Reading from memory, by the number of streams that does best.
  package func readBytesPerSecond(threads: Int) -> RoofFigure? {
    bandwidth.filter { $0.level == MemoryLevel.memory && $0.traffic == .read && $0.threads == threads }
      .map(\.bytesPerSecond).max { $0.estimate.value < $1.estimate.value }
  }
}

extension Roofs {
  private static let kind = "roofs"

  /// The last ones measured here; nil where there are none.
  package static func load(from cache: MachineCache) throws(RecordError) -> Roofs? {
    guard let roofs = try cache.load(kind, as: Roofs.self) else { return nil }
    let figures =
      roofs.compute.map(\.flopsPerSecond) + roofs.bandwidth.map(\.bytesPerSecond) + roofs.latency.map(\.latencySeconds)
    guard figures.allSatisfy({ possible.contains($0.estimate.value) && possible.contains($0.best) }) else {
      throw cache.refusal(of: kind, "holds a figure that no machine has")
    }
    return roofs
  }

  package func store(in cache: MachineCache) throws(RecordError) { try cache.store(self, as: Self.kind) }

  /// From a tenth of a nanosecond to far more operations than a second holds.
  private static let possible = 1e-10...1e24
}

/// How long roofs are measured.
package struct RoofPace: Sendable {
  /// Six are the fewest whose range is an interval for their median at 95 %.
  package var rounds: Int
  package var secondsEach: Double
  /// Before the first round of each probe with 512-bit vectors or tiles.
  package var warmUpSeconds: Double

  package init(rounds: Int, secondsEach: Double, warmUpSeconds: Double) {
    self.rounds = rounds
    self.secondsEach = secondsEach
    self.warmUpSeconds = warmUpSeconds
  }

  /// The pace of `machine --roofs`.
  package static let thorough = RoofPace(rounds: 6, secondsEach: 0.008, warmUpSeconds: 0.3)
  /// The pace of the few probes beside a measurement, whose own work has just warmed the machine up.
  package static let brief = RoofPace(rounds: 6, secondsEach: 0.008, warmUpSeconds: 0.05)
}
