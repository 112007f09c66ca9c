import CMachine
import Machine
import Synchronization
import Testing

@Suite struct ReadBandwidthTests {
  struct Choice: Sendable {
    let threads: Int, cache: Int, instances: Int, free: Int, perThread: Int, exceeds: Bool

    init(_ threads: Int, _ cache: Int, _ instances: Int, _ free: Int, _ perThread: Int, _ exceeds: Bool) {
      (self.threads, self.cache, self.instances) = (threads, cache, instances)
      (self.free, self.perThread, self.exceeds) = (free, perThread, exceeds)
    }
  }

  static let choices: [Choice] = [
    // Two sockets of 100 MB: a thread reaches one cache, two reach both; 200 MB hold 95 granules of 2 MiB.
    Choice(1, 100_000_000, 2, 1 << 40, 95 << 21, true),
    Choice(2, 100_000_000, 2, 1 << 40, 95 << 21, true),
    // Eight threads share 2 x 200 MB: 50 MB each, or 23 granules; 386 MB in all.
    Choice(8, 100_000_000, 2, 1 << 40, 23 << 21, true),
    // A quarter of 128 MiB free is 32 MiB, less than the cache.
    Choice(1, 100_000_000, 1, 128 << 20, 32 << 20, false),
    // No thread touches more than 768 MiB, though it reaches a cache of 1 GiB.
    Choice(1, 1 << 30, 1, 1 << 40, 768 << 20, false),
    Choice(1, 1, 1, 1 << 40, 32 << 20, true),
    Choice(1, 1, 1, 0, 2 << 20, true),
    Choice(1, .max, .max, .max, 768 << 20, false),
  ]

  @Test(arguments: choices) func choosesABuffer(choice: Choice) {
    let buffer = ProbeBuffer.choose(
      threads: choice.threads, cacheBytes: choice.cache, cacheInstances: choice.instances,
      availableBytes: choice.free)
    #expect(buffer.bytesPerThread == choice.perThread)
    #expect(buffer.exceedsCaches == choice.exceeds)
  }

  @Test func doesNotClaimToExceedCachesThatNobodyKnows() {
    let buffer = ProbeBuffer.choose(threads: 1, cacheBytes: nil, cacheInstances: 1, availableBytes: nil)
    #expect(buffer.bytesPerThread == 256 << 20 && !buffer.exceedsCaches)
  }

  @Test(arguments: [1, 2, 3, 5, 64])
  func readsEachWordOfEachStreamOnce(streams: Int) {
    // Word i of the buffer holds 2i + 1; what is read is the exclusive or of all but each stream's last two words.
    let stride = 1024 + 16
    let words = streams * stride / 8
    let buffer = UnsafeMutableRawPointer.allocate(byteCount: words * 8, alignment: 64)
    defer { buffer.deallocate() }
    for word in 0..<words { buffer.storeBytes(of: UInt64(2 * word + 1), toByteOffset: word * 8, as: UInt64.self) }
    var expected: UInt64 = 0
    for stream in 0..<streams {
      for word in 0..<128 { expected ^= UInt64(2 * (stream * stride / 8 + word) + 1) }
    }
    #expect(machine_read_streams(buffer, stride, 1024, UInt32(streams)) == expected)
    #expect(machine_read_streams(buffer, stride, 255, UInt32(streams)) == 0)
  }

  @Test func samplesEachCountOfStreams() throws {
    let buffer = ProbeBuffer.choose(threads: 1, cacheBytes: 1, cacheInstances: 1, availableBytes: 64 << 20)
    for threads in 1...min(2, Processor.allowedProcessors().count) {
      let measured = ReadBandwidthProbe.measure(threads: threads, streams: [1, 3], buffer: buffer, secondsEach: 0.002)
      let results = try #require(measured.value)
      #expect(results.map(\.streams) == [1, 3])
      for result in results {
        #expect(result.threads == threads && result.bufferBytes == threads * 16 << 20)
        let best = try #require(result.best)
        let median = try #require(result.median)
        #expect(best >= median && median > 0)
      }
    }
  }

  @Test(arguments: [(0, [1]), (1 << 20, [1]), (1, [0]), (1, [65])])
  func refusesWhatItCannotMeasure(threads: Int, streams: [Int]) {
    let buffer = ProbeBuffer.choose(threads: 1, cacheBytes: 1, cacheInstances: 1, availableBytes: 1)
    let measured = ReadBandwidthProbe.measure(threads: threads, streams: streams, buffer: buffer, secondsEach: 0.001)
    #expect(measured.value == nil && measured.reason?.isEmpty == false)
  }

  @Test func takesTheMiddleOfTheSamples() {
    func median(_ samples: [Double]) -> Double? {
      ReadBandwidth(threads: 1, streams: 1, bufferBytes: 1, exceedsCaches: true, bytesPerSecond: samples).median
    }
    #expect(median([]) == nil)
    #expect(median([3, 1, 2]) == 2)
    #expect(median([4, 1, 3, 2]) == 2.5)
  }
}

@Suite struct ThreadTeamTests {
  @Test func runsEachMemberOnceBetweenBarriers() {
    let counts = Counts()
    let barrier = SpinBarrier(parties: 3)
    let ran = ThreadTeam.run(3) { index in
      for round in 0..<10 {
        counts.sum.wrappingAdd(index + 1, ordering: .relaxed)
        barrier.wait()
        // Between two barriers nobody adds: 1 + 2 + 3 in each round so far.
        if counts.sum.load(ordering: .relaxed) != 6 * (round + 1) { counts.wrong.wrappingAdd(1, ordering: .relaxed) }
        barrier.wait()
      }
    }
    #expect(ran)
    #expect(counts.sum.load(ordering: .relaxed) == 60)
    #expect(counts.wrong.load(ordering: .relaxed) == 0)
  }

  private final class Counts: Sendable {
    let sum = Atomic<Int>(0)
    let wrong = Atomic<Int>(0)
  }
}
