import Machine

/// How much a cold row reads before it reads a byte again: more than caches keep, so that each comes from memory as in decode.
package struct ColdMemory: Equatable, Sendable {
  package let bytes: Int
  /// False where so little memory is free that a cache may have helped.
  package let exceedsCaches: Bool

  /// Four times all caches of the second level, one and a half times those of the last, 512 MiB at least, and never more than a
  /// quarter of the memory that is free. A virtual machine names a last level that it shares with others.
  package static func choose(caches: [MachineDescription.Cache], availableBytes: Int?) -> ColdMemory {
    func total(_ level: Int) -> Int {
      caches.filter { $0.level == level && $0.kind != "Instruction" }.reduce(0) { sum, cache in
        let (bytes, isTooLarge) = cache.bytes.multipliedReportingOverflow(by: cache.instances)
        return isTooLarge || sum > Int.max / 8 - min(bytes, .max / 8) ? .max / 8 : sum + bytes
      }
    }
    let last = total(caches.map(\.level).max() ?? 0)
    let wanted = max(512 << 20, 4 * total(2), last / 2 * 3)
    let bytes = min(wanted, max(1, availableBytes ?? 1 << 31) / 4)
    return ColdMemory(bytes: bytes, exceedsCaches: bytes > last)
  }

  package static func choose(on machine: MachineDescription) -> ColdMemory {
    choose(caches: machine.caches, availableBytes: Memory.freeBytes(on: machine))
  }

  /// How many copies of a block of `bytes` bytes are read in turn.
  package func copies(of bytes: Int) -> Int { max(1, (self.bytes + bytes - 1) / max(1, bytes)) }
}
