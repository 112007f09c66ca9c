import CMachine
import Glibc
import Synchronization

/// Measures the roof under which a decode runs: the rate at which memory can be read.
package enum ReadBandwidthProbe {
  /// One result for each count of streams; about `secondsEach` for each, and the time to touch the buffer.
  package static func measure(
    threads: Int, streams: [Int] = [1, 4, 8], on machine: MachineDescription, secondsEach: Double = 0.1
  ) -> Finding<[ReadBandwidth]> {
    let cache = machine.lastLevelCache
    let free = [Memory.available(SystemFiles()).value, machine.controlGroup.memoryLimitBytes.value].compactMap { $0 }
    let buffer = ProbeBuffer.choose(
      threads: threads, cacheBytes: cache?.bytes, cacheInstances: cache?.instances ?? 1, availableBytes: free.min())
    return measure(threads: threads, streams: streams, buffer: buffer, secondsEach: secondsEach)
  }

  package static func measure(
    threads: Int, streams: [Int], buffer: ProbeBuffer, secondsEach: Double
  ) -> Finding<[ReadBandwidth]> {
    Finding {
      let processors = Processor.allowedProcessors()
      guard (1...max(1, processors.count)).contains(threads) else {
        throw Absence(.malformed, "\(threads) threads: this process may use \(processors.count) processors")
      }
      guard streams.allSatisfy({ (1...64).contains($0) }) else {
        throw Absence(.malformed, "a thread reads 1 to 64 streams")
      }
      let session = try Session(threads, streams, buffer, UInt64(max(0, secondsEach) * 1e9), processors)
      guard ThreadTeam.run(threads, session.work) else {
        throw Absence(.unreadable, "the system does not allow \(threads) threads more")
      }
      return zip(streams, session.samples).map { streams, samples in
        ReadBandwidth(
          threads: threads, streams: streams, bufferBytes: session.bytes, exceedsCaches: buffer.exceedsCaches,
          bytesPerSecond: samples)
      }
    }
  }
}

/// What the threads of one measurement share. Only the first writes samples, and they are read after all have ended.
private final class Session: @unchecked Sendable {
  let bytes: Int
  var samples: [[Double]]

  private let base: UnsafeMutableRawPointer
  private let bytesPerThread: Int
  private let threads: Int
  private let streams: [Int]
  private let nanosecondsEach: UInt64
  private let processors: [Int]
  private let barrier: SpinBarrier
  private let isDone = Atomic<Bool>(false)
  /// Takes what was read, so that reading cannot be left out.
  private let sink = Atomic<UInt64>(0)

  /// What one thread reads between two looks at the clock: a quarter of a millisecond at 16 GB/s.
  private static let chunk = 4 << 20
  private static let mostSamples = 4096

  init(_ threads: Int, _ streams: [Int], _ buffer: ProbeBuffer, _ nanosecondsEach: UInt64, _ processors: [Int]) throws {
    let (bytes, overflow) = buffer.bytesPerThread.multipliedReportingOverflow(by: threads)
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    let memory = overflow ? MAP_FAILED : mmap(nil, max(bytes, 1), PROT_READ | PROT_WRITE, flags, -1, 0)
    guard let memory, memory != MAP_FAILED else {
      throw Absence(.unreadable, "\(bytes) bytes of memory for the probe cannot be had")
    }
    // Huge pages make the first touch three times faster; reading is the same without them.
    let adviseHugePages: Int32 = 14
    madvise(memory, bytes, adviseHugePages)
    base = memory
    self.bytes = bytes
    bytesPerThread = buffer.bytesPerThread
    self.threads = threads
    self.streams = streams
    self.nanosecondsEach = nanosecondsEach
    self.processors = processors
    barrier = SpinBarrier(parties: threads)
    samples = streams.map { _ in
      var samples: [Double] = []
      samples.reserveCapacity(Self.mostSamples)
      return samples
    }
  }

  deinit { munmap(base, bytes) }

  func work(_ thread: Int) {
    _ = Processor.pinCurrentThread(to: processors[thread % processors.count])
    let mine = base + thread * bytesPerThread
    // Pages that were never written all share one page of zeros, which any cache holds.
    for page in stride(from: 0, to: bytesPerThread, by: 4096) {
      mine.storeBytes(of: 1, toByteOffset: page, as: UInt8.self)
    }
    for index in streams.indices { measure(index, thread, mine) }
  }

  private func measure(_ index: Int, _ thread: Int, _ mine: UnsafeMutableRawPointer) {
    let count = streams[index]
    let distance = bytesPerThread / count / 256 * 256
    let part = min(Self.chunk / count, distance) / 256 * 256
    var offset = 0
    var read: UInt64 = 0
    if thread == 0 { isDone.store(false, ordering: .releasing) }
    barrier.wait()
    let began = Clock.nanoseconds()
    while true {
      // The first thread looks at the clock before it arrives: what it waits for the others counts against the rate.
      let start = Clock.nanoseconds()
      barrier.wait()
      if isDone.load(ordering: .acquiring) { break }
      read ^= machine_read_streams(mine + offset, distance, part, UInt32(count))
      offset = offset + 2 * part <= distance ? offset + part : 0
      barrier.wait()
      guard thread == 0 else { continue }
      let end = Clock.nanoseconds()
      if end > start { samples[index].append(Double(threads * part * count) * 1e9 / Double(end - start)) }
      if end - began >= nanosecondsEach || samples[index].count == Self.mostSamples {
        isDone.store(true, ordering: .releasing)
      }
    }
    barrier.wait()
    sink.bitwiseXor(read, ordering: .relaxed)
  }
}
