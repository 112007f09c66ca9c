import Campaign
import Machine
import Metering
import Synchronization

/// A clock on which every look takes a millisecond: time passes, the same in every run of a test.
final class TickingClock: Timekeeper {
  private let looks = Atomic<UInt64>(0)

  func nanoseconds() -> UInt64 { looks.add(1, ordering: .relaxed).newValue * 1_000_000 }
  func processNanoseconds() -> UInt64 { looks.load(ordering: .relaxed) * 1_000_000 }
}

extension Instruments {
  /// Ticks instead of the system's clock, and roofs that nobody measured.
  static var scripted: Instruments {
    Instruments(
      timekeeper: TickingClock(),
      roofs: { _, peaks, _ in
        let rates = peaks.map { ($0.identity, 1e12) }
        return .found(
          WindowRoofs(
            readBytesPerSecond: 10e9, exceedsCaches: true,
            flopsPerSecond: Dictionary(rates, uniquingKeysWith: { a, _ in a })))
      }
    ) { choice, _ in
      throw Absence(.missing, "\(choice.sensors.map(\.name)): not in a test")
    }
  }
}
