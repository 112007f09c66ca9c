import Glibc
import Machine
import Synchronization

/// A count that threads wait for: they spin a while, because a phase of a layer takes microseconds, and then sleep.
final class EventCount: @unchecked Sendable {
  private let count: UnsafeMutablePointer<Atomic<Int>>
  private let sleepers: UnsafeMutablePointer<Atomic<Int>>

  init() {
    // A cache line each, so that sleeping does not disturb those who spin.
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 256, alignment: 128)
    count = memory.bindMemory(to: Atomic<Int>.self, capacity: 1)
    sleepers = (memory + 128).bindMemory(to: Atomic<Int>.self, capacity: 1)
    count.initialize(to: Atomic(0))
    sleepers.initialize(to: Atomic(0))
  }

  deinit { UnsafeMutableRawPointer(count).deallocate() }

  /// The count after it.
  func advance() -> Int { count.pointee.add(1, ordering: .sequentiallyConsistent).newValue }

  /// After the count that somebody may wait for was reached.
  func wake() {
    if sleepers.pointee.load(ordering: .sequentiallyConsistent) > 0 { Futex.wakeAll(lowHalf) }
  }

  func wait(until target: Int, spins: Int) {
    for _ in 0..<spins {
      if count.pointee.load(ordering: .acquiring) >= target { return }
      Processor.pause()
    }
    sleepers.pointee.add(1, ordering: .sequentiallyConsistent)
    while true {
      let seen = count.pointee.load(ordering: .sequentiallyConsistent)
      if seen >= target { break }
      Futex.wait(lowHalf, while: UInt32(truncatingIfNeeded: seen))
    }
    sleepers.pointee.subtract(1, ordering: .relaxed)
  }

  /// What the system compares; the processor stores the low half first.
  private var lowHalf: UnsafeMutablePointer<UInt32> {
    UnsafeMutableRawPointer(count).assumingMemoryBound(to: UInt32.self)
  }
}

/// Persistent threads that run one body together; the caller is thread 0, and bound like the others while the pool lives.
package final class ThreadPool: @unchecked Sendable {
  package let threads: Int
  /// Whether every thread is bound to a processor of its own.
  package var isPinned: Bool { processor != nil }

  private let starts = EventCount()
  private let arrivals = EventCount()
  private let nextTask = Atomic<Int>(0)
  private let spins: Int
  private var body: ((Int) -> Void)?
  private var isStopping = false
  private var handles: [pthread_t] = []
  /// The caller's; nil where threads are not bound.
  private var processor: Int?

  /// Pauses before sleeping: about 100 µs, some phases of a layer. Next to none where threads share processors, for then the
  /// one that is waited for may need this very processor.
  package init(threads: Int, pin: Bool) throws {
    precondition(threads > 0)
    self.threads = threads
    let allowed = Processor.allowed
    spins = threads <= allowed.count ? 4000 : 16
    let processors = pin && threads > 1 && threads <= allowed.count ? allowed : []
    for thread in 1..<max(threads, 1) {
      let context = Unmanaged.passRetained(
        Context(pool: self, thread: thread, processor: processors.isEmpty ? nil : processors[thread]))
      var handle = pthread_t()
      let status = pthread_create(
        &handle, nil,
        { raw in
          let context = Unmanaged<Context>.fromOpaque(raw!).takeRetainedValue()
          Processor.bindCurrentThread(to: context.processor)
          context.pool._withUnsafeGuaranteedRef { $0.work(context.thread) }
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
    if let first = processors.first, Processor.bindCurrentThread(to: first) { processor = first }
  }

  private final class Context {
    /// Not retained, not even while its thread works: then no pool would ever end.
    let pool: Unmanaged<ThreadPool>
    let thread: Int
    let processor: Int?
    init(pool: ThreadPool, thread: Int, processor: Int?) {
      self.pool = .passUnretained(pool)
      self.thread = thread
      self.processor = processor
    }
  }

  deinit { stop() }

  private func stop() {
    isStopping = true
    start()
    for handle in handles { pthread_join(handle, nil) }
    handles = []
    Processor.bindCurrentThread(to: nil)
  }

  /// Runs `body(thread)` on every thread and returns when all have.
  package func run(_ body: (Int) -> Void) {
    // Another pool may have had this thread elsewhere since.
    Processor.bindCurrentThread(to: processor)
    withoutActuallyEscaping(body) { escaping in
      self.body = escaping
      start()
      Processor.flushingDenormals { escaping(0) }
      barrier()
      self.body = nil
    }
  }

  private func start() {
    _ = starts.advance()
    starts.wake()
  }

  private func work(_ thread: Int) {
    var seen = 0
    while true {
      seen += 1
      starts.wait(until: seen, spins: spins)
      if isStopping { return }
      Processor.flushingDenormals { body!(thread) }
      barrier()
    }
  }

  /// Returns when every thread has called it; what each wrote before is visible to all after. One count that only grows is one
  /// line that processors hand over, at about half the time of an arrival count and a word that is released.
  package func barrier() {
    guard threads > 1 else { return }
    let mine = arrivals.advance()
    let last = (mine + threads - 1) / threads * threads
    if mine == last { arrivals.wake() } else { arrivals.wait(until: last, spins: spins) }
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
