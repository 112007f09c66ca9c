import Machine
import Quantities
import Synchronization

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

/// A clock that stands still until it is told, or asked: each look at it takes the next step of the script.
package final class ScriptedClock: Timekeeper {
  private struct State {
    var now: UInt64
    var process: UInt64
    var steps: ArraySlice<UInt64>
  }

  private let state: Mutex<State>

  /// The steps are the nanoseconds from one look to the next; when they have all been taken, time stands still.
  package init(start: UInt64 = 0, steps: [UInt64] = []) {
    state = Mutex(State(now: start, process: 0, steps: steps[...]))
  }

  package func nanoseconds() -> UInt64 {
    state.withLock { state in
      defer { state.now &+= state.steps.popFirst() ?? 0 }
      return state.now
    }
  }

  package func processNanoseconds() -> UInt64 { state.withLock { $0.process } }

  /// Lets time pass, with this many processors busy for the process all the while.
  package func advance(nanoseconds: UInt64, busyProcessors: Double = 1) {
    state.withLock { state in
      state.now &+= nanoseconds
      state.process &+= UInt64(Double(nanoseconds) * max(0, busyProcessors))
    }
  }
}

/// Durations since its start.
package struct Stopwatch: Sendable {
  private let timekeeper: any Timekeeper
  private var start: UInt64

  package init(_ timekeeper: any Timekeeper = SystemTimekeeper()) {
    self.timekeeper = timekeeper
    start = timekeeper.nanoseconds()
  }

  package var elapsed: Seconds { Self.seconds(from: start, to: timekeeper.nanoseconds()) }

  /// The time since the start or the last lap, and the start of the next.
  package mutating func lap() -> Seconds {
    let now = timekeeper.nanoseconds()
    defer { start = now }
    return Self.seconds(from: start, to: now)
  }

  /// Never below zero: a clock that went back measured nothing.
  package static func seconds(from start: UInt64, to end: UInt64) -> Seconds {
    end > start ? Seconds(Double(end - start) / 1e9) : .zero
  }
}
