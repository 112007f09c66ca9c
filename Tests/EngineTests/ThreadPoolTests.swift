import Engine
import Machine
import Synchronization
import Testing

@Suite struct ThreadPoolTests {
  /// Every thread where its pool wants it, whichever pool ran before, and the caller free when no pool is left.
  @Test func bindsItsThreadsAndNoOther() {
    let allowed = Processor.allowed
    let places = Places()
    let ran = ThreadTeam.run(1) { _ in
      guard let bound = try? ThreadPool(threads: min(2, allowed.count), pin: true),
        let free = try? ThreadPool(threads: 2, pin: false)
      else { return }
      for pool in [free, bound, free, bound] {
        pool.run { thread in
          let wanted = pool.isPinned ? [allowed[thread]] : allowed
          if Processor.allowedToThread != wanted { places.wrong.add(1, ordering: .relaxed) }
        }
        places.runs.add(1, ordering: .relaxed)
      }
      // One thread needs no processor of its own.
      if bound.isPinned != (allowed.count > 1) || free.isPinned { places.wrong.add(1, ordering: .relaxed) }
    }
    let isFree = Places()
    let released = ThreadTeam.run(1) { _ in
      _ = try? ThreadPool(threads: min(2, allowed.count), pin: true).run { _ in }
      if Processor.allowedToThread != allowed { isFree.wrong.add(1, ordering: .relaxed) }
    }
    #expect(ran && released && places.runs.load(ordering: .relaxed) == 4)
    #expect(places.wrong.load(ordering: .relaxed) == 0 && isFree.wrong.load(ordering: .relaxed) == 0)
  }

  private final class Places: Sendable {
    let runs = Atomic<Int>(0), wrong = Atomic<Int>(0)
  }
}
