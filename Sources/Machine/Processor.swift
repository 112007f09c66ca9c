import CMachine

/// What the processor can do, and where the calling thread runs.
package enum Processor {
  /// Features that both the processor and the kernel offer, spelt as `/proc/cpuinfo` does without underscores.
  package static let features: [String] = detectFeatures()

  private static let featureSet = Set(features)

  package static func supports(_ feature: String) -> Bool { featureSet.contains(feature) }

  /// Asks the kernel for the tile registers on behalf of the whole process. May be asked again; the answer is the same.
  package static func permitAMX() -> Bool {
    let tileData: UInt32 = 18
    return supports("amxtile") && machine_request_state(tileData) == 0
  }

  /// Tells the core that this thread is spinning.
  @inlinable @inline(__always)
  package static func pause() { machine_pause() }

  /// Runs a body in which the calling thread treats denormal numbers as zero: an assist per operation costs forty times the
  /// operation. The thread is as it was afterwards.
  package static func flushingDenormals<R>(_ body: () throws -> R) rethrows -> R {
    let control = machine_float_control()
    machine_set_float_control(control | machine_flush_bits())
    defer { machine_set_float_control(control) }
    return try body()
  }
}
