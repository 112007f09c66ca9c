import Glibc
import Synchronization

/// New threads for one piece of work, so that what they do to themselves (pinning, control registers) ends with them.
package enum ThreadTeam {
  /// Runs the body on each of `count` threads and waits for all. Where not all can be made, none runs it: false. The threads may
  /// run on every processor of the process, wherever the one that calls may.
  package static func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> Bool {
    let team = Team(body)
    var threads: [pthread_t] = []
    for index in 0..<count {
      var thread = pthread_t()
      let member = Unmanaged.passRetained(Member(team, index))
      let status = pthread_create(
        &thread, nil,
        { argument in
          if let argument { Unmanaged<Member>.fromOpaque(argument).takeRetainedValue().run() }
          return nil
        }, member.toOpaque())
      guard status == 0 else {
        member.release()
        break
      }
      threads.append(thread)
    }
    let isComplete = threads.count == count
    team.gate.store(isComplete ? Team.open : Team.abandoned, ordering: .releasing)
    for thread in threads { pthread_join(thread, nil) }
    return isComplete
  }

  private final class Team: Sendable {
    static let shut = 0, open = 1, abandoned = 2

    let gate = Atomic<Int>(shut)
    let body: @Sendable (Int) -> Void

    init(_ body: @escaping @Sendable (Int) -> Void) { self.body = body }
  }

  private final class Member: Sendable {
    let team: Team
    let index: Int

    init(_ team: Team, _ index: Int) {
      self.team = team
      self.index = index
    }

    func run() {
      while team.gate.load(ordering: .acquiring) == Team.shut { sched_yield() }
      guard team.gate.load(ordering: .acquiring) == Team.open else { return }
      Processor.bindCurrentThread(to: nil)
      team.body(index)
    }
  }
}

/// A place where a fixed number of threads wait for one another, as often as they like.
package final class SpinBarrier: Sendable {
  private let parties: Int
  private let arrived = Atomic<Int>(0)
  private let generation = Atomic<Int>(0)

  package init(parties: Int) { self.parties = parties }

  package func wait() {
    let mine = generation.load(ordering: .acquiring)
    if arrived.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue == parties {
      arrived.store(0, ordering: .relaxed)
      generation.wrappingAdd(1, ordering: .releasing)
      return
    }
    var spins = 0
    while generation.load(ordering: .acquiring) == mine {
      spins += 1
      // With more threads than processors the one that is waited for needs this processor.
      if spins < 2048 { Processor.pause() } else { sched_yield() }
    }
  }
}
