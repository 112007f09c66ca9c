import Machine
import Synchronization
import Testing

@Suite struct ProcessorTests {
  @Test func pinsToEachAllowedProcessor() {
    let allowed = Processor.allowedProcessors()
    #expect(!allowed.isEmpty)
    #expect(allowed == allowed.sorted())
    // A thread of its own, so that the test runner's threads keep their masks.
    let pinned = onThread {
      allowed.allSatisfy { Processor.pinCurrentThread(to: $0) && Processor.allowedProcessors() == [$0] }
    }
    #expect(pinned)
  }

  @Test func givesAThreadItsProcessorsBack() {
    let allowed = Processor.allowedProcessors()
    let isBack = onThread {
      Processor.pinCurrentThread(to: allowed[0]) && Processor.allowCurrentThread(on: allowed)
        && Processor.allowedProcessors() == allowed
    }
    #expect(isBack)
    #expect(!Processor.allowCurrentThread(on: []))
    #expect(!Processor.allowCurrentThread(on: [0, -1]))
  }

  @Test(arguments: [-1, 1 << 19, Int.max])
  func refusesProcessorsThatAreNotThere(processor: Int) {
    #expect(!Processor.pinCurrentThread(to: processor))
  }

  @Test func asksForTilesAsOftenAsOneLikes() {
    let first = Processor.permitAMX()
    #expect(Processor.permitAMX() == first)
    if !Processor.supports("amxtile") { #expect(!first) }
  }

  @Test func flushesDenormalsWhileAskedTo() {
    #if arch(x86_64) || arch(arm64)
      #expect(halved(Float.leastNormalMagnitude) > 0)
      #expect(Processor.flushingDenormals { halved(Float.leastNormalMagnitude) } == 0)
      #expect(halved(Float.leastNormalMagnitude) > 0)
    #endif
  }

  @Test(arguments: 0..<2) func clocksDoNotRunBackwards(index: Int) {
    let clock = [Clock.nanoseconds, Clock.processCPUNanoseconds][index]
    let first = clock()
    #expect(clock() >= first)
  }
}

@inline(never) private func halved(_ x: Float) -> Float { x * 0.5 }

/// What the body says on a thread of its own; expectations belong to the test's thread.
private func onThread(_ body: @escaping @Sendable () -> Bool) -> Bool {
  final class Answer: Sendable { let isTrue = Atomic<Bool>(false) }
  let answer = Answer()
  let ran = ThreadTeam.run(1) { _ in answer.isTrue.store(body(), ordering: .relaxed) }
  return ran && answer.isTrue.load(ordering: .relaxed)
}

@Suite struct FutexTests {
  @Test func doesNotSleepOnAWordThatDiffers() {
    let word = UnsafeMutablePointer<UInt32>.allocate(capacity: 1)
    defer { word.deallocate() }
    word.initialize(to: 7)
    Futex.wait(word, while: 8)
    Futex.wakeAll(word)
  }

  @Test func wakesWhoeverSleeps() {
    let words = Words()
    let ran = ThreadTeam.run(2) { index in
      if index == 0 {
        while words.flag.pointee.load(ordering: .acquiring) == 0 { Futex.wait(words.raw, while: 0) }
      } else {
        words.flag.pointee.store(1, ordering: .releasing)
        Futex.wakeAll(words.raw)
      }
    }
    #expect(ran)
  }

  /// One word, seen as an atomic by Swift and as plain memory by the kernel.
  private final class Words: @unchecked Sendable {
    let flag = UnsafeMutablePointer<Atomic<UInt32>>.allocate(capacity: 1)
    var raw: UnsafeMutablePointer<UInt32> { UnsafeMutableRawPointer(flag).assumingMemoryBound(to: UInt32.self) }

    init() { flag.initialize(to: Atomic(0)) }
    deinit { flag.deallocate() }
  }
}
