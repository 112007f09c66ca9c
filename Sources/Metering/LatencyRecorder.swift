import Quantities

/// One step of a run: a prefill chunk, or one token of each sequence.
package struct StepLatency: Equatable, Sendable {
  /// Tokens in the cache of each sequence when the step began.
  package var contextTokens: Int
  /// Tokens that the step processed, over all sequences.
  package var tokens: Int
  package var nanoseconds: UInt64

  package init(contextTokens: Int, tokens: Int, nanoseconds: UInt64) {
    self.contextTokens = contextTokens
    self.tokens = tokens
    self.nanoseconds = nanoseconds
  }

  package var wall: Seconds { Seconds(Double(nanoseconds) / 1e9) }
}

/// Keeps the latency of every step, in storage that is there before the first: recording neither allocates nor locks.
package struct LatencyRecorder: ~Copyable {
  private let storage: UnsafeMutableBufferPointer<StepLatency>
  private let timekeeper: any Timekeeper
  private let slowdown: Slowdown?
  private var start: UInt64 = 0

  private var count = 0

  package init(capacity: Int, timekeeper: any Timekeeper = SystemTimekeeper(), slowdown: Slowdown? = nil) {
    storage = .allocate(capacity: max(0, capacity))
    // Written now, so that no page is touched for the first time inside a measurement.
    storage.initialize(repeating: StepLatency(contextTokens: 0, tokens: 0, nanoseconds: 0))
    self.timekeeper = timekeeper
    self.slowdown = slowdown
  }

  deinit { storage.deallocate() }

  package mutating func begin() { start = timekeeper.nanoseconds() }

  /// Ends the step that began last; one beyond the capacity is not kept.
  package mutating func end(contextTokens: Int, tokens: Int) {
    slowdown?.wait(since: start, on: timekeeper)
    let now = timekeeper.nanoseconds()
    guard count < storage.count else { return }
    let elapsed = now > start ? now - start : 0
    storage[count] = StepLatency(contextTokens: contextTokens, tokens: tokens, nanoseconds: elapsed)
    count += 1
  }

  /// In the order in which they ended.
  package var steps: [StepLatency] { Array(storage[..<count]) }
}
