/// A delay put in on purpose, for checking that a comparison finds it: whoever times something keeps the processor busy after it,
/// on the same clock, until it has lasted longer by a share.
package struct Slowdown: Codable, Hashable, Sendable {
  /// 0.02 makes what takes 100 ms take 102 ms.
  package let share: Double

  package init(share: Double) { self.share = share }

  package func wait(since start: UInt64, on timekeeper: any Timekeeper) {
    let now = timekeeper.nanoseconds()
    guard now > start else { return }
    let end = now + UInt64(Double(now - start) * share)
    while timekeeper.nanoseconds() < end {}
  }
}
