/// A walk through memory in which each address is known only when the one before has been read: time per step is latency.
package final class PointerChase: @unchecked Sendable {
  /// The size of the memory that is walked through.
  package let bytes: Int
  private let lineBytes: Int
  private let memory: ProbeMemory
  private var place: UnsafeRawPointer

  /// Lays one cycle through all lines of the memory, in an order that no prefetcher foresees.
  package init(in memory: ProbeMemory, bytes: Int, lineBytes: Int, seed: UInt64) {
    self.memory = memory
    self.lineBytes = lineBytes
    let lines = max(1, min(bytes, memory.bytes) / lineBytes)
    self.bytes = lines * lineBytes
    place = UnsafeRawPointer(memory.base)
    // Sattolo's shuffle makes a permutation of a single cycle (Information Processing Letters 22, 1986).
    var next = (0..<lines).map(UInt32.init(truncatingIfNeeded:))
    var state = seed
    for last in stride(from: lines - 1, to: 0, by: -1) {
      // Xorshift64 (Marsaglia, Journal of Statistical Software 8, 2003); its state is never zero.
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      next.swapAt(last, Int(state % UInt64(last)))
    }
    for line in 0..<lines {
      memory.base.storeBytes(
        of: UnsafeRawPointer(memory.base + Int(next[line]) * lineBytes), toByteOffset: line * lineBytes,
        as: UnsafeRawPointer.self)
    }
  }

  /// Reads every line in order: much faster than the walk, and leaves as much in the caches as they hold.
  package func sweep() -> Int {
    stride(from: 0, to: bytes, by: lineBytes).reduce(0) { $0 ^ memory.base.load(fromByteOffset: $1, as: Int.self) }
  }

  /// Takes `steps` steps from where the last call ended, and returns the place.
  package func walk(_ steps: Int) -> Int {
    var p = place
    for _ in 0..<steps { p = p.load(as: UnsafeRawPointer.self) }
    place = p
    return Int(bitPattern: p)
  }
}
