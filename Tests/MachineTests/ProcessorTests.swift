import Glibc
import Machine
import Testing

@Suite struct ProcessorTests {
  @Test func pinsToEachAllowedProcessor() {
    let allowed = Processor.allowedProcessors()
    #expect(!allowed.isEmpty)
    #expect(allowed == allowed.sorted())
    // A thread of its own, so that the test runner's threads keep their masks.
    onThread {
      for processor in allowed {
        #expect(Processor.pinCurrentThread(to: processor))
        #expect(Processor.allowedProcessors() == [processor])
      }
    }
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

  @Test func flushesDenormalsInTheCallingThread() {
    onThread {
      Processor.flushDenormals()
      #if arch(x86_64) || arch(arm64)
        #expect(halved(Float.leastNormalMagnitude) == 0)
      #endif
    }
  }

  @Test func clocksDoNotRunBackwards() {
    for clock in [Clock.nanoseconds, Clock.threadCPUNanoseconds, Clock.processCPUNanoseconds] {
      let first = clock()
      #expect(clock() >= first)
    }
  }
}

@inline(never) private func halved(_ x: Float) -> Float { x * 0.5 }

@Suite struct FutexTests {
  @Test func doesNotSleepOnAWordThatDiffers() {
    let word = UnsafeMutablePointer<UInt32>.allocate(capacity: 1)
    defer { word.deallocate() }
    word.initialize(to: 7)
    Futex.wait(word, while: 8)
    Futex.wakeAll(word)
  }
}

/// Runs the body on a new thread and waits for it.
private func onThread(_ body: @escaping () -> Void) {
  final class Box {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }
  var thread = pthread_t()
  let box = Unmanaged.passRetained(Box(body))
  let status = pthread_create(
    &thread, nil,
    { argument in
      if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
      return nil
    }, box.toOpaque())
  guard status == 0 else { return box.release() }
  pthread_join(thread, nil)
}
