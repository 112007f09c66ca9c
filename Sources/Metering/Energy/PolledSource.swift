import Machine
import Synchronization

/// A source that is asked: a sensor of the system, or a script in tests.
package final class PolledSource: EnergySource {
  package let facts: EnergyFacts
  private let timekeeper: any Timekeeper
  private let read: @Sendable () throws -> Double
  private let taken = Mutex<[EnergySample]>([])

  package init(
    _ facts: EnergyFacts, timekeeper: any Timekeeper = SystemTimekeeper(), read: @escaping @Sendable () throws -> Double
  ) {
    self.facts = facts
    self.timekeeper = timekeeper
    self.read = read
  }

  package func poll() {
    // Inside the lock, so that two who ask at once do not store their answers in the wrong order.
    taken.withLock { taken in
      let value = Finding { try read() }
      taken.append(EnergySample(seconds: Double(timekeeper.nanoseconds()) / 1e9, value: value))
    }
  }

  package var samples: [EnergySample] { taken.withLock { $0 } }

  package func forget(before seconds: Double) { taken.withLock { $0.removeAll { $0.seconds < seconds } } }
}
