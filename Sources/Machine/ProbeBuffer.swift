import Glibc

/// How much memory a probe of bandwidth reads so that no cache holds it.
package struct ProbeBuffer: Equatable, Sendable {
  package let bytesPerThread: Int
  /// False where the buffer had to be so small that caches may help.
  package let exceedsCaches: Bool

  package static let granule = 2 << 20

  package init(bytesPerThread: Int, exceedsCaches: Bool) {
    self.bytesPerThread = bytesPerThread
    self.exceedsCaches = exceedsCaches
  }

  /// Twice the last-level caches that the threads can reach, within a quarter of the memory that is free and within
  /// what one thread can touch in a fraction of a second.
  package static func choose(
    threads: Int, cacheBytes: Int?, cacheInstances: Int, availableBytes: Int?
  ) -> ProbeBuffer {
    let threads = max(1, threads)
    let reachable = cacheBytes.map { saturated($0, max(1, min(cacheInstances, threads))) }
    let wanted = max(saturated(reachable ?? 128 << 20, 2) / threads, 32 << 20)
    let allowed = min((availableBytes ?? 1 << 30) / 4 / threads, 768 << 20)
    let perThread = max(1, min(wanted, allowed) / granule) * granule
    return ProbeBuffer(
      bytesPerThread: perThread, exceedsCaches: reachable.map { saturated(perThread, threads) > $0 } ?? false)
  }

  /// The same for a machine as it is now.
  package static func choose(threads: Int, on machine: MachineDescription) -> ProbeBuffer {
    let cache = machine.lastLevelCache
    return choose(
      threads: threads, cacheBytes: cache?.bytes, cacheInstances: cache?.instances ?? 1,
      availableBytes: Memory.freeBytes(on: machine))
  }

  private static func saturated(_ a: Int, _ b: Int) -> Int {
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? .max : product
  }
}

/// Memory of a probe's own, on huge pages where they can be had.
package final class ProbeMemory: @unchecked Sendable {
  package let base: UnsafeMutableRawPointer
  package let bytes: Int

  package init(bytes: Int) throws {
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    let memory = bytes > 0 ? mmap(nil, bytes, PROT_READ | PROT_WRITE, flags, -1, 0) : MAP_FAILED
    guard let memory, memory != MAP_FAILED else {
      throw Absence(.unreadable, "\(bytes) bytes of memory for the probe cannot be had")
    }
    // The first touch is three times faster, and a chase of pointers does not measure page tables.
    let adviseHugePages: Int32 = 14
    madvise(memory, bytes, adviseHugePages)
    base = memory
    self.bytes = bytes
  }

  deinit { munmap(base, bytes) }

  /// Fills a thread's part with ones: pages that were never written share one page of zeros, which any cache holds, and
  /// arithmetic on what is not a number, or is denormal, is slow.
  package func touch(thread: Int, bytesPerThread: Int) {
    (base + thread * bytesPerThread).initializeMemory(as: Float.self, repeating: 1, count: bytesPerThread / 4)
  }
}
