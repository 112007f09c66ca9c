import Foundation
import KernelTiming
import Machine
import Testing

@Suite struct ColdMemoryTests {
  private func cache(_ level: Int, _ bytes: Int, instances: Int = 1) -> MachineDescription.Cache {
    let json =
      #"{"level":\#(level),"kind":"Unified","bytes":\#(bytes),"line_bytes":64,"shared_by":1,"instances":\#(instances)}"#
    return try! JSONDecoder().decode(MachineDescription.Cache.self, from: Data(json.utf8))
  }

  private func choose(_ caches: [MachineDescription.Cache], available: Int? = 64 << 30) -> ColdMemory {
    ColdMemory.choose(caches: caches, availableBytes: available)
  }

  @Test func exceedsEveryCache() {
    // 4 · 4 MiB and 1.5 · 300 MiB are both less than 512 MiB.
    let shared = choose([cache(1, 48 << 10, instances: 2), cache(2, 2 << 20, instances: 2), cache(3, 300 << 20)])
    #expect(shared.bytes == 512 << 20 && shared.exceedsCaches)
    // Two of 400 MiB, one and a half times.
    #expect(choose([cache(2, 1 << 20), cache(3, 400 << 20, instances: 2)]).bytes == 1200 << 20)
    // 128 cores with 2 MiB each, four times.
    #expect(choose([cache(2, 2 << 20, instances: 128), cache(3, 64 << 20)]).bytes == 1024 << 20)
    #expect(choose([]).bytes == 512 << 20)
  }

  /// A quarter of what is free at most, and whether caches may then have helped.
  @Test func littleMemoryIsSaid() {
    let some = choose([cache(3, 300 << 20)], available: 1600 << 20)
    #expect(some.bytes == 400 << 20 && some.exceedsCaches)
    let little = choose([cache(3, 300 << 20)], available: 1000 << 20)
    #expect(little.bytes == 250 << 20 && !little.exceedsCaches)
    #expect(choose([cache(3, 300 << 20)], available: 0).bytes == 0)
  }

  @Test func copiesFillIt() {
    let memory = choose([])
    #expect(memory.copies(of: 512 << 20) == 1)
    #expect(memory.copies(of: 100 << 20) == 6)
    #expect(memory.copies(of: 1 << 40) == 1)
    #expect(memory.copies(of: 0) > 0)
  }

  @Test func absurdCachesAreNoTrap() {
    let absurd = choose([cache(2, .max, instances: .max), cache(3, .max, instances: 3)], available: 8 << 30)
    #expect(absurd.bytes == 2 << 30 && !absurd.exceedsCaches)
  }
}
