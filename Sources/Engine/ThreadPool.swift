import Glibc
import Machine
import Synchronization

/// A word that threads wait on: they spin a while, because a phase of a layer takes microseconds, and then sleep.
final class EventWord: @unchecked Sendable {
  private let word: UnsafeMutablePointer<Atomic<UInt32>>
  private let sleepers: UnsafeMutablePointer<Atomic<UInt32>>

  init() {
    // A cache line each, so that sleeping does not disturb those who spin.
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 256, alignment: 128)
    word = memory.bindMemory(to: Atomic<UInt32>.self, capacity: 1)
    sleepers = (memory + 128).bindMemory(to: Atomic<UInt32>.self, capacity: 1)
    word.initialize(to: Atomic(0))
    sleepers.initialize(to: Atomic(0))
  }

  deinit { UnsafeMutableRawPointer(word).deallocate() }

  var value: UInt32 { word.pointee.load(ordering: .acquiring) }

  func advance() {
    word.pointee.add(1, ordering: .sequentiallyConsistent)
    if sleepers.pointee.load(ordering: .sequentiallyConsistent) > 0 {
      Futex.wakeAll(UnsafeMutableRawPointer(word).assumingMemoryBound(to: UInt32.self))
    }
  }

  func wait(while old: UInt32, spins: Int) {
    for _ in 0..<spins {
      if value != old { return }
      Processor.pause()
    }
    sleepers.pointee.add(1, ordering: .sequentiallyConsistent)
    while value == old { Futex.wait(UnsafeMutableRawPointer(word).assumingMemoryBound(to: UInt32.self), while: old) }
    sleepers.pointee.subtract(1, ordering: .relaxed)
  }
}

/// Persistent threads that run one body together; the caller is thread 0.
package final class ThreadPool: @unchecked Sendable {
  package let threads: Int
  /// Whether every thread was bound to a processor of its own.
  package private(set) var isPinned = false

  private let start = EventWord()
  private let barrierWord = EventWord()
  private let arrived = Atomic<Int>(0)
  private let nextTask = Atomic<Int>(0)
  private let spins: Int
  private var body: ((Int) -> Void)?
  private var isStopping = false
  private var handles: [pthread_t] = []
  private let callerAffinity: [Int]

  /// Pauses before sleeping: about 100 µs, some phases of a layer. Next to none where threads share processors, for then the
  /// one that is waited for may need this very processor.
  package init(threads: Int, pin: Bool) throws {
    precondition(threads > 0)
    self.threads = threads
    callerAffinity = Processor.allowedProcessors()
    spins = threads <= callerAffinity.count ? 4000 : 16
    let processors = pin && threads > 1 && threads <= callerAffinity.count ? callerAffinity : []
    for thread in 1..<max(threads, 1) {
      let context = Unmanaged.passRetained(
        Context(pool: self, thread: thread, processor: processors.isEmpty ? nil : processors[thread]))
      var handle = pthread_t()
      let status = pthread_create(
        &handle, nil,
        { raw in
          let context = Unmanaged<Context>.fromOpaque(raw!).takeRetainedValue()
          if let processor = context.processor { _ = Processor.pinCurrentThread(to: processor) }
          context.pool.work(context.thread)
          return nil
        }, context.toOpaque())
      guard status == 0 else {
        context.release()
        stop()
        throw EngineError(
          "--threads \(threads): the system refused thread \(thread + 1) (\(String(cString: strerror(status))))")
      }
      handles.append(handle)
    }
    if !processors.isEmpty { isPinned = Processor.pinCurrentThread(to: processors[0]) }
  }

  private final class Context {
    unowned(unsafe) let pool: ThreadPool
    let thread: Int
    let processor: Int?
    init(pool: ThreadPool, thread: Int, processor: Int?) {
      self.pool = pool
      self.thread = thread
      self.processor = processor
    }
  }

  deinit { stop() }

  private func stop() {
    isStopping = true
    start.advance()
    for handle in handles { pthread_join(handle, nil) }
    handles = []
  }

  /// Runs `body(thread)` on every thread and returns when all have.
  package func run(_ body: (Int) -> Void) {
    withoutActuallyEscaping(body) { escaping in
      self.body = escaping
      start.advance()
      Processor.flushingDenormals { escaping(0) }
      barrier()
      self.body = nil
    }
  }

  private func work(_ thread: Int) {
    var seen: UInt32 = 0
    while true {
      start.wait(while: seen, spins: spins)
      seen &+= 1
      if isStopping { return }
      Processor.flushingDenormals { body!(thread) }
      barrier()
    }
  }

  /// Returns when every thread has called it; what each wrote before is visible to all after.
  package func barrier() {
    guard threads > 1 else { return }
    let generation = barrierWord.value
    if arrived.add(1, ordering: .acquiringAndReleasing).newValue == threads {
      arrived.store(0, ordering: .relaxed)
      barrierWord.advance()
    } else {
      barrierWord.wait(while: generation, spins: spins)
    }
  }

  /// Before a barrier, by one thread: the tasks that `takeTask` hands out after it start at 0.
  package func resetTasks() { nextTask.store(0, ordering: .relaxed) }

  package func takeTask() -> Int { nextTask.add(1, ordering: .relaxed).oldValue }
}

/// Something that the engine was asked and cannot do, said in one line.
package struct EngineError: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}
