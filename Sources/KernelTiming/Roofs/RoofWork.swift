import KernelContract
import Machine

/// A probe as work for a team of threads, and how much one thread does of it in a chunk.
struct RoofWork {
  var work: LockstepProbe.Work
  /// Operations, bytes or steps.
  var amount: Double
}

extension RoofWork {
  /// Chunks of 0.1 to 0.2 ms: shorter than most disturbances, long beside a barrier and a look at the clock.
  init(_ probe: PeakProbe, _ pace: RoofPace) {
    var iterations = 1 << 10
    while iterations < PeakProbe.mostIterations {
      let start = Clock.nanoseconds()
      _ = probe.run(iterations)
      if Clock.nanoseconds() - start > 100_000 { break }
      iterations *= 2
    }
    let count = iterations
    work = LockstepProbe.Work(warmUpSeconds: probe.isa < .avx512 ? 0 : pace.warmUpSeconds) { _ in probe.run(count) }
    amount = Double(count) * Double(probe.operations)
  }

  /// `memory` holds one part after another, one of each thread.
  init(_ probe: StreamProbe, streams: Int, bytes: Int, chunkBytes: Int, memory: ProbeMemory, bytesPerThread: Int) {
    let walks = stride(from: 0, to: memory.bytes, by: bytesPerThread).map { offset in
      StreamWalk(probe, streams: streams, memory: memory, offset: offset, bytes: bytes, chunkBytes: chunkBytes)
    }
    work = LockstepProbe.Work { walks[$0].chunk() }
    amount = Double(walks.first?.bytesPerChunk ?? 0)
  }

  /// Each turn begins with all of the memory in the caches, if one holds it: a walk is too slow to bring it back.
  init(_ chase: PointerChase, steps: Int, isCached: Bool) {
    work = LockstepProbe.Work(settle: { _ in isCached ? chase.sweep() : 0 }) { _ in chase.walk(steps) }
    amount = Double(steps)
  }
}

/// One thread's way through its memory: chunk after chunk, and round again.
package final class StreamWalk: @unchecked Sendable {
  private let probe: StreamProbe
  private let passes: Int
  private let bytesPerArray: Int
  private var arguments: StreamProbe.Arguments
  private let memory: ProbeMemory
  private let base: UnsafeMutableRawPointer
  /// Where the next pass begins, in bytes from the start of each array.
  private var place = 0

  package var bytesPerChunk: Int { passes * arguments.bytes * arguments.streams * probe.traffic.arrays }

  package init(_ probe: StreamProbe, streams: Int, memory: ProbeMemory, offset: Int, bytes: Int, chunkBytes: Int) {
    self.probe = probe
    self.memory = memory
    base = memory.base + offset
    let arrays = streams * probe.traffic.arrays
    let step = StreamProbe.step
    var slot = max(step, bytes / arrays / step * step)
    // Arrays that lie whole pages apart would compete for the same sets of a cache, and a load after a store look like its own.
    if slot % 4096 == 0 { slot -= step }
    let part = max(step, min(slot, chunkBytes / arrays / step * step))
    bytesPerArray = slot
    passes = max(1, chunkBytes / (part * arrays))
    arguments = StreamProbe.Arguments(
      base: base, streams: streams, streamStride: slot * probe.traffic.arrays, arrayStride: slot, bytes: part)
  }

  package func chunk() -> Int {
    var result = 0
    for _ in 0..<passes {
      if place + arguments.bytes > bytesPerArray { place = 0 }
      arguments.base = base + place
      result ^= probe.run(arguments)
      place += arguments.bytes
    }
    return result
  }
}
