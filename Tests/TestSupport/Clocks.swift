import Metering
import Synchronization

/// A clock on which every look takes a millisecond: time passes, the same in every run of a test.
package final class TickingClock: Timekeeper {
  private let looks = Atomic<UInt64>(0)

  package init() {}

  package func nanoseconds() -> UInt64 { looks.add(1, ordering: .relaxed).newValue * 1_000_000 }
  package func processNanoseconds() -> UInt64 { looks.load(ordering: .relaxed) * 1_000_000 }
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
