import Machine
import Quantities

/// Where durations come from: the system's clocks, or a script in tests.
package protocol Timekeeper: Sendable {
  /// Time that passed since some moment.
  func nanoseconds() -> UInt64
  /// Processor time that this process used, all its threads together.
  func processNanoseconds() -> UInt64
}

package struct SystemTimekeeper: Timekeeper {
  package init() {}
  package func nanoseconds() -> UInt64 { Clock.nanoseconds() }
  package func processNanoseconds() -> UInt64 { Clock.processCPUNanoseconds() }
}

/// Durations since its start.
package struct Stopwatch: Sendable {
  private let timekeeper: any Timekeeper
  private let start: UInt64

  package init(_ timekeeper: any Timekeeper = SystemTimekeeper()) {
    self.timekeeper = timekeeper
    start = timekeeper.nanoseconds()
  }

  package var elapsed: Seconds { Self.seconds(from: start, to: timekeeper.nanoseconds()) }

  /// Never below zero: a clock that went back measured nothing.
  package static func seconds(from start: UInt64, to end: UInt64) -> Seconds {
    end > start ? Seconds(Double(end - start) / 1e9) : .zero
  }
}
