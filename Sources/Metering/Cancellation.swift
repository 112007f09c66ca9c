import Synchronization

/// A wish to stop, looked at between steps. Asking is one atomic addition, which a signal handler may do.
package final class Cancellation: Sendable {
  private let requests = Atomic<Int>(0)

  package init() {}

  /// Asks to stop; returns how often that was asked, this time included.
  @discardableResult package func cancel() -> Int {
    requests.add(1, ordering: .relaxed).newValue
  }

  package var isCancelled: Bool { requests.load(ordering: .relaxed) > 0 }

  package func check() throws(Interruption) {
    if isCancelled { throw Interruption() }
  }
}

/// Thrown where a wish to stop is found. Whoever measures catches it, and hands over what was finished.
package struct Interruption: Error {}
