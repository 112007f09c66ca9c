import Machine
import Synchronization
import Testing

@Suite struct ProcessorTests {
  /// On threads of their own, so that the test runner's keep their masks.
  @Test func bindsToEachAllowedProcessorAndFreesAgain() {
    let allowed = Processor.allowed
    #expect(!allowed.isEmpty && allowed == allowed.sorted())
    let isBound = onThread {
      allowed.allSatisfy { Processor.bindCurrentThread(to: $0) && Processor.allowedToThread == [$0] }
        && Processor.bindCurrentThread(to: nil) && Processor.allowedToThread == allowed
    }
    #expect(isBound)
  }

  /// A thread's processors are never taken for the process's, nor those of the threads that it makes.
  @Test func aBoundThreadBindsNothingElse() {
    let allowed = Processor.allowed
    let isAlone = onThread {
      Processor.bindCurrentThread(to: allowed.last) && Processor.allowed == allowed
        && MachineDescription.read().processorList == allowed && onThread { Processor.allowedToThread == allowed }
        && Processor.allowedToThread == allowed.suffix(1)
    }
    #expect(isAlone)
    for threads in 1...min(2, allowed.count) {
      let isMeasured = onThread {
        Processor.bindCurrentThread(to: allowed[0])
          && LockstepProbe.measure([.init { _ in 0 }], threads: threads, rounds: 1, secondsEach: 0).value != nil
      }
      #expect(isMeasured)
    }
  }

  @Test(arguments: [-1, 1 << 19, Int.max])
  func refusesProcessorsThatAreNotThere(processor: Int) {
    #expect(onThread { !Processor.bindCurrentThread(to: processor) && Processor.allowedToThread == Processor.allowed })
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
