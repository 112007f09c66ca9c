import Glibc
import Synchronization

/// Work of one kind on some threads for some seconds, for measurements of what each kind costs.
package enum LoadThreads {
  /// Dependent integer arithmetic in registers: threads run and nothing else does.
  package static func spin(threads: Int, seconds: Double) -> Bool {
    let sink = Sink()
    let end = Clock.nanoseconds() + UInt64(seconds * 1e9)
    return ThreadTeam.run(threads) { _ in
      var value: UInt64 = 1
      while Clock.nanoseconds() < end {
        for _ in 0..<100_000 { value = value &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407 }
      }
      sink.bits.bitwiseXor(value, ordering: .relaxed)
    }
  }

  /// Has a buffer of each thread's own read again and again; the bytes that were read, or nil where it could not be had.
  /// What `reader` returns is used, so that no read can be left out.
  package static func read(
    threads: Int, bytesPerThread: Int, seconds: Double,
    reader: @escaping @Sendable (_ base: UnsafeMutableRawPointer, _ bytes: Int) -> Int
  ) -> Double? {
    let size = max(4096, bytesPerThread / 4096 * 4096)
    let sink = Sink()
    let end = Clock.nanoseconds() + UInt64(seconds * 1e9)
    let isComplete = ThreadTeam.run(threads) { _ in
      let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
      guard let memory, memory != MAP_FAILED else { return sink.isShort.store(true, ordering: .relaxed) }
      defer { munmap(memory, size) }
      // Pages that were never written all share one page of zeros, which any cache holds.
      for page in stride(from: 0, to: size, by: 4096) { memory.storeBytes(of: 1, toByteOffset: page, as: UInt8.self) }
      var bits = 0
      var bytes = 0
      while Clock.nanoseconds() < end {
        bits ^= reader(memory, size)
        bytes += size
      }
      sink.bits.bitwiseXor(UInt64(truncatingIfNeeded: bits), ordering: .relaxed)
      sink.bytes.add(bytes, ordering: .relaxed)
    }
    guard isComplete, !sink.isShort.load(ordering: .relaxed) else { return nil }
    return Double(sink.bytes.load(ordering: .relaxed))
  }

  /// Takes what was computed, so that computing cannot be left out.
  private final class Sink: Sendable {
    let bits = Atomic<UInt64>(0)
    let bytes = Atomic<Int>(0)
    let isShort = Atomic<Bool>(false)
  }
}
