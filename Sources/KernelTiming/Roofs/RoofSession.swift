import KernelContract
import Kernels
import Machine

/// All roofs of one number of threads.
struct RoofSession {
  let threads: Int
  let machine: MachineDescription
  let pace: RoofPace

  private typealias Take = (_ seconds: [[Double]], _ amount: Double, _ roofs: inout Roofs) throws -> Void

  func measure(into roofs: inout Roofs) throws {
    let buffer = ProbeBuffer.choose(threads: threads, on: machine)
    let memory = try ProbeMemory(bytes: threads * buffer.bytesPerThread)
    let levels = MemoryLevel.all(caches: machine.caches, threads: threads, memory: buffer)
    var items: [(RoofWork, Take)] = []
    if threads == 1 || threads == Processor.allowed.count { items += peaks() }
    items += streams(levels, memory, buffer.bytesPerThread)
    if threads == 1 { items += try latencies(levels) }
    let times = LockstepProbe.measure(
      items.map(\.0.work), threads: threads, rounds: pace.rounds, secondsEach: pace.secondsEach
    ) { memory.touch(thread: $0, bytesPerThread: buffer.bytesPerThread) }
    switch times {
    case .absent(let reason): throw Absence(.unreadable, reason)
    case .found(let times):
      for ((work, take), seconds) in zip(items, times) { try take(seconds, work.amount, &roofs) }
    }
  }

  private func peaks() -> [(RoofWork, Take)] {
    KernelList.usablePeaks.map { probe in
      (
        RoofWork(probe, pace),
        { seconds, amount, roofs in
          roofs.compute.append(
            Roofs.Compute(
              probe: probe.identity.description, type: probe.type, isa: probe.isa, threads: threads,
              flopsPerSecond: try .rate(of: seconds, amount: amount * Double(threads))))
        }
      )
    }
  }

  private func streams(
    _ levels: [MemoryLevel], _ memory: ProbeMemory, _ bytesPerThread: Int
  ) -> [(RoofWork, Take)] {
    var items: [(RoofWork, Take)] = []
    for (depth, level) in levels.enumerated() {
      for probe in KernelList.usableStreams {
        for streams in Roofs.streams {
          let work = RoofWork(
            probe, streams: streams, bytes: level.bytesPerThread, chunkBytes: Self.chunkBytes(depth, of: levels.count),
            memory: memory, bytesPerThread: bytesPerThread)
          items.append(
            (
              work,
              { seconds, amount, roofs in
                roofs.bandwidth.append(
                  Roofs.Bandwidth(
                    level: level.name, traffic: probe.traffic, threads: threads, streams: streams,
                    bytesPerThread: level.bytesPerThread, isCertain: level.isCertain,
                    bytesPerSecond: try .rate(of: seconds, amount: amount * Double(threads))))
              }
            ))
        }
      }
    }
    return items
  }

  /// About 0.2 ms at what a core reads: some 200 GB/s from the first cache, half of it from the next, 10 to 20 from memory.
  private static func chunkBytes(_ depth: Int, of count: Int) -> Int {
    depth + 1 == count ? 2 << 20 : (32 << 20) >> min(depth, 3)
  }

  private func latencies(_ levels: [MemoryLevel]) throws -> [(RoofWork, Take)] {
    try levels.map { level in
      let chase = PointerChase(
        in: try ProbeMemory(bytes: level.bytesPerThread), bytes: level.bytesPerThread, lineBytes: 64, seed: 1)
      // 0.2 ms at 100 ns, which is what memory takes; a cache's steps are shorter, so more of them.
      let isCached = level.name != MemoryLevel.memory
      let steps = isCached ? 10_000 : 2000
      return (
        RoofWork(chase, steps: steps, isCached: isCached),
        { seconds, amount, roofs in
          roofs.latency.append(
            Roofs.Latency(
              level: level.name, bytes: chase.bytes, isCertain: level.isCertain,
              latencySeconds: try .time(of: seconds, steps: amount)))
        }
      )
    }
  }
}
