import Synchronization

/// Times pieces of work that all threads of a team do at the same time. The pieces take turns, round after round, so that a
/// state of the machine that lasts for seconds meets them all, and shows as a difference between rounds.
package enum LockstepProbe {
  package struct Work: Sendable {
    /// Before the first round. Wide instructions ran two to four times slower for some 100 ms after a pause.
    package var warmUpSeconds: Double
    /// Before each turn, such as to bring back into a cache what other work has driven out.
    package var settle: @Sendable (_ thread: Int) -> Int
    /// A fraction of a millisecond's work on one of the threads. What it returns is used, so that no work can be left out.
    package var chunk: @Sendable (_ thread: Int) -> Int

    package init(
      warmUpSeconds: Double = 0, settle: @escaping @Sendable (_ thread: Int) -> Int = { _ in 0 },
      chunk: @escaping @Sendable (_ thread: Int) -> Int
    ) {
      self.warmUpSeconds = warmUpSeconds
      self.settle = settle
      self.chunk = chunk
    }
  }

  /// For each piece, and in it for each round, how long each chunk took until all threads had done theirs. `prepare` runs once
  /// on each thread, before all work, such as to be the first to touch memory.
  package static func measure(
    _ work: [Work], threads: Int, rounds: Int, secondsEach: Double,
    prepare: @escaping @Sendable (_ thread: Int) -> Void = { _ in }
  ) -> Finding<[[[Double]]]> {
    Finding {
      let processors = Processor.allowed
      guard (1...max(1, processors.count)).contains(threads) else {
        throw Absence(.malformed, "\(threads) threads: this process may use \(processors.count) processors")
      }
      let team = LockstepTeam(work, threads, rounds, secondsEach)
      let ran = ThreadTeam.run(threads) { thread in
        Processor.bindCurrentThread(to: processors[thread])
        prepare(thread)
        Processor.flushingDenormals { team.work(thread) }
      }
      guard ran else { throw Absence(.unreadable, "the system does not allow \(threads) threads more") }
      return team.seconds
    }
  }
}

/// What the threads of one measurement share. Only the first writes times, and they are read after all have ended.
private final class LockstepTeam: @unchecked Sendable {
  var seconds: [[[Double]]]

  private let pieces: [LockstepProbe.Work]
  private let rounds: Int
  private let nanosecondsEach: Double
  private let barrier: SpinBarrier
  private let isDone = Atomic<Bool>(false)
  private let sink = Atomic<Int>(0)

  private static let mostChunks = 4096

  init(_ pieces: [LockstepProbe.Work], _ threads: Int, _ rounds: Int, _ secondsEach: Double) {
    self.pieces = pieces
    self.rounds = rounds
    nanosecondsEach = max(0, secondsEach) * 1e9
    barrier = SpinBarrier(parties: threads)
    seconds = Array(repeating: [], count: pieces.count)
  }

  func work(_ thread: Int) {
    for round in 0..<rounds {
      for (index, piece) in pieces.enumerated() {
        if round == 0 { _ = repeated(piece, thread, nanoseconds: piece.warmUpSeconds * 1e9) }
        sink.bitwiseXor(piece.settle(thread), ordering: .relaxed)
        // The first part of a turn brings caches and the clock to where this piece has them.
        _ = repeated(piece, thread, nanoseconds: nanosecondsEach / 4)
        let times = repeated(piece, thread, nanoseconds: nanosecondsEach)
        if thread == 0 { seconds[index].append(times) }
      }
    }
  }

  /// Chunks until the time is up, at least one. Empty on all threads but the first.
  private func repeated(_ piece: LockstepProbe.Work, _ thread: Int, nanoseconds: Double) -> [Double] {
    var times: [Double] = []
    if thread == 0 { times.reserveCapacity(Self.mostChunks) }
    var result = 0
    if thread == 0 { isDone.store(false, ordering: .releasing) }
    barrier.wait()
    let began = Clock.nanoseconds()
    while true {
      // The first thread looks at the clock before it arrives: what it waits for the others counts against the rate.
      let start = Clock.nanoseconds()
      barrier.wait()
      if isDone.load(ordering: .acquiring) { break }
      result ^= piece.chunk(thread)
      barrier.wait()
      guard thread == 0 else { continue }
      let end = Clock.nanoseconds()
      if end > start { times.append(Double(end - start) / 1e9) }
      if Double(end - began) >= nanoseconds || times.count == Self.mostChunks {
        isDone.store(true, ordering: .releasing)
      }
    }
    barrier.wait()
    sink.bitwiseXor(result, ordering: .relaxed)
    return times
  }
}
