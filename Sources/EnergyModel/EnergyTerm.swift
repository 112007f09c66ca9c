/// What energy is spent on. A coefficient is joules for one unit of it.
package enum EnergyTerm: String, Codable, Sendable, CaseIterable {
  /// A second of a hardware thread's share of what the package draws when nothing runs.
  case idleThread = "idle_thread"
  /// A second in which a thread runs, above that.
  case busyThread = "busy_thread"
  /// A second of a gigabyte of memory that holds its content.
  case memoryStatic = "memory_static"
  /// One operation; a multiply-add is two.
  case float32 = "f32_operation"
  case bfloat16 = "bf16_operation"
  case int8 = "int8_operation"
  case tileBFloat16 = "amx_bf16_operation"
  case tileInt8 = "amx_int8_operation"
  /// A byte on its way through the caches, and one from memory on top of that.
  case cacheByte = "cache_byte"
  case memoryByte = "memory_byte"
}

/// A quantity for each term: coefficients, or amounts that they multiply.
package struct EnergyVector: Codable, Equatable, Sendable {
  private var values: [String: Double] = [:]

  package init() {}

  package subscript(term: EnergyTerm) -> Double {
    get { values[term.rawValue] ?? 0 }
    set { values[term.rawValue] = newValue }
  }
}

/// What a stretch of time did, as far as energy goes.
package struct EnergyActivity: Equatable, Sendable {
  package var seconds: Double
  /// Hardware threads whose share of the idle power is this computer's.
  package var threads: Double
  /// Seconds of processor time, over all threads.
  package var busySeconds: Double
  package var memoryGigabytes: Double
  /// How many of each kind, one multiply-add as two.
  package var operations: [EnergyTerm: Double]
  package var bytes: Double
  /// The share of the bytes that came from memory lies within these bounds; the rest came from a cache.
  package var memoryShare: ClosedRange<Double>

  package init(
    seconds: Double, threads: Double, busySeconds: Double, memoryGigabytes: Double,
    operations: [EnergyTerm: Double] = [:], bytes: Double = 0, memoryShare: ClosedRange<Double> = 1...1
  ) {
    self.seconds = seconds
    self.threads = threads
    self.busySeconds = busySeconds
    self.memoryGigabytes = memoryGigabytes
    self.operations = operations
    self.bytes = bytes
    self.memoryShare = memoryShare
  }

  /// How much of a term was used if all bytes came from memory.
  func amount(of term: EnergyTerm) -> Double {
    switch term {
    case .idleThread: threads * seconds
    case .busyThread: busySeconds
    case .memoryStatic: memoryGigabytes * seconds
    case .float32, .bfloat16, .int8, .tileBFloat16, .tileInt8: operations[term] ?? 0
    case .cacheByte, .memoryByte: bytes
    }
  }
}
