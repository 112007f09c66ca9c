import Metering
import Synchronization

/// A clock on which every look takes a millisecond: time passes, the same in every run of a test.
package final class TickingClock: Timekeeper {
  private let looks = Atomic<UInt64>(0)

  package init() {}

  package func nanoseconds() -> UInt64 { looks.add(1, ordering: .relaxed).newValue * 1_000_000 }
  package func processNanoseconds() -> UInt64 { looks.load(ordering: .relaxed) * 1_000_000 }
}
