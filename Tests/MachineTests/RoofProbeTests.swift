import Machine
import Synchronization
import Testing

@Suite struct ProbeBufferTests {
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
}

@Suite struct MemoryLevelTests {
  private static func cache(_ level: Int, _ kind: String, _ bytes: Int, sharedBy: Int) -> MachineDescription.Cache {
    MachineDescription.Cache(
      level: level, kind: kind, bytes: bytes, lineBytes: .found(64), sharedBy: sharedBy, instances: 1)
  }

  private static let caches = [
    cache(3, "Unified", 300 << 20, sharedBy: 64), cache(1, "Data", 48 << 10, sharedBy: 2),
    cache(1, "Instruction", 32 << 10, sharedBy: 2), cache(2, "Unified", 2 << 20, sharedBy: 2),
  ]

  private static func levels(_ caches: [MachineDescription.Cache], threads: Int) -> [String: Int] {
    let buffer = ProbeBuffer(bytesPerThread: 600 << 20, exceedsCaches: true)
    let levels = MemoryLevel.all(caches: caches, threads: threads, memory: buffer)
    return Dictionary(levels.map { ($0.name, $0.bytesPerThread) }, uniquingKeysWith: { a, _ in a })
  }

  @Test func takesHalfOfEachThreadsShare() {
    // One thread: half of 48 KiB and of 2 MiB; of the last cache no more than eight second ones.
    #expect(
      Self.levels(Self.caches, threads: 1) == ["L1": 24 << 10, "L2": 1 << 20, "L3": 16 << 20, "memory": 600 << 20])
    // Two threads may be of one core; each has half.
    #expect(
      Self.levels(Self.caches, threads: 2) == ["L1": 12 << 10, "L2": 512 << 10, "L3": 8 << 20, "memory": 600 << 20])
  }

  @Test func leavesOutWhatCannotBeTold() {
    // Each of 64 threads has 4.7 of 300 MiB, half of which is 2.3; it has half a MiB of a last cache of 64 MiB, no more than of
    // the second.
    let small = [Self.cache(2, "Unified", 2 << 20, sharedBy: 2), Self.cache(3, "Unified", 64 << 20, sharedBy: 64)]
    #expect(Self.levels(small, threads: 64).keys.sorted() == ["L2", "memory"])
    #expect(Self.levels([], threads: 1) == ["memory": 600 << 20])
  }

  @Test func saysWhereCachesMayHelp() {
    let buffer = ProbeBuffer(bytesPerThread: 2 << 20, exceedsCaches: false)
    let levels = MemoryLevel.all(caches: Self.caches, threads: 1, memory: buffer)
    #expect(levels.map(\.name) == ["L1", "L2", "memory"])
    #expect(levels.map(\.isCertain) == [true, true, false])
  }
}

@Suite struct PointerChaseTests {
  @Test(arguments: [1, 2, 3, 100]) func visitsEachLineOnceBeforeItReturns(lines: Int) throws {
    let memory = try ProbeMemory(bytes: 1 << 16)
    let chase = PointerChase(in: memory, bytes: lines * 64 + 63, lineBytes: 64, seed: 1)
    #expect(chase.bytes == lines * 64)
    let places = (0..<lines).map { _ in chase.walk(1) - Int(bitPattern: memory.base) }
    #expect(places.sorted() == (0..<lines).map { $0 * 64 })
    #expect(places.last == 0)
    #expect(chase.walk(lines) == Int(bitPattern: memory.base))
  }

  @Test func doesNotGoInOrder() throws {
    let memory = try ProbeMemory(bytes: 1 << 16)
    let chase = PointerChase(in: memory, bytes: 1 << 16, lineBytes: 64, seed: 1)
    let places = (0..<1024).map { _ in chase.walk(1) }
    let steps = zip(places, places.dropFirst()).count { $1 - $0 == 64 }
    // In a random order of 1024 a line is followed by its neighbour once on average.
    #expect(steps < 20)
  }
}

@Suite struct LockstepProbeTests {
  private final class Counter: Sendable {
    let prepared = Atomic<Int>(0), settled = Atomic<Int>(0), chunks = Atomic<Int>(0)
  }

  @Test func givesEveryPieceItsTurnInEveryRound() throws {
    for threads in 1...min(2, Processor.allowed.count) {
      let counter = Counter()
      let piece = LockstepProbe.Work(
        settle: { _ in counter.settled.wrappingAdd(1, ordering: .relaxed).newValue },
        chunk: { _ in counter.chunks.wrappingAdd(1, ordering: .relaxed).newValue })
      let measured = LockstepProbe.measure([piece, piece, piece], threads: threads, rounds: 4, secondsEach: 0) { _ in
        counter.prepared.wrappingAdd(1, ordering: .relaxed)
      }
      let times = try #require(measured.value)
      #expect(times.map(\.count) == [4, 4, 4])
      #expect(times.joined().joined().allSatisfy { $0 > 0 })
      #expect(counter.prepared.load(ordering: .relaxed) == threads)
      #expect(counter.settled.load(ordering: .relaxed) == 12 * threads)
      // At least one chunk before each turn and one in it, and one more to warm up; the same on every thread.
      let chunks = counter.chunks.load(ordering: .relaxed)
      #expect(chunks >= (2 * 12 + 3) * threads && chunks % threads == 0)
    }
  }

  @Test(arguments: [0, 1 << 20]) func refusesThreadsThatItCannotHave(threads: Int) {
    let measured = LockstepProbe.measure([], threads: threads, rounds: 1, secondsEach: 0)
    #expect(measured.value == nil && measured.reason?.isEmpty == false)
  }

  @Test func refusesMemoryThatThereIsNot() {
    #expect(throws: Absence.self) { try ProbeMemory(bytes: 0) }
    #expect(throws: Absence.self) { try ProbeMemory(bytes: .max) }
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
