/// A cache or the memory behind all of them, and how much of it a probe touches to be served by it.
package struct MemoryLevel: Codable, Equatable, Sendable {
  /// `L1`, `L2`, … or `memory`.
  package var name: String
  package var bytesPerThread: Int
  /// False for memory where the buffer had to be so small that caches may help.
  package var isCertain: Bool

  package init(name: String, bytesPerThread: Int, isCertain: Bool = true) {
    self.name = name
    self.bytesPerThread = bytesPerThread
    self.isCertain = isCertain
  }

  package static let memory = "memory"

  /// Nearest first. Half of a cache, shared by the threads that may share it, so that what else they touch has room too.
  ///
  /// A last cache that hundreds of processors share is rationed by hypervisors, so that no more than eight of the caches before it
  /// are asked of it. A level that is no larger than the one before cannot be told from it, and is left out.
  package static func all(
    caches: [MachineDescription.Cache], threads: Int, memory buffer: ProbeBuffer
  ) -> [MemoryLevel] {
    var levels: [MemoryLevel] = []
    var before = 0
    for cache in caches.filter({ $0.kind != "Instruction" && $0.bytes > 0 }).sorted(by: { $0.level < $1.level }) {
      let share = cache.bytes / 2 / max(1, min(threads, cache.sharedBy))
      let bytes = cache.level > 2 && before > 0 ? min(share, 8 * before) : share
      guard bytes > before, bytes < buffer.bytesPerThread else { continue }
      levels.append(MemoryLevel(name: "L\(cache.level)", bytesPerThread: bytes))
      before = cache.bytes / max(1, min(threads, cache.sharedBy))
    }
    return levels + [
      MemoryLevel(name: memory, bytesPerThread: buffer.bytesPerThread, isCertain: buffer.exceedsCaches)
    ]
  }
}
