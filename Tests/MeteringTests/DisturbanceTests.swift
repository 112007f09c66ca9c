import Machine
import Metering
import Testing

@Suite struct DisturbanceTests {
  /// Two threads on two processors for one second, nothing else happening.
  private func disturbances(_ change: (inout ObservedConditions) -> Void = { _ in }) -> [Disturbance] {
    func snapshot(_ nanoseconds: UInt64) -> ConditionsSnapshot {
      ConditionsSnapshot(
        nanoseconds: nanoseconds, processNanoseconds: 2 * nanoseconds,
        usage: ResourceUsage(voluntarySwitches: 0, involuntarySwitches: 0, minorFaults: 0, majorFaults: 0),
        ticks: .absent("no ticks"), processorPressureMicroseconds: .absent("no pressure"),
        memoryPressureMicroseconds: .absent("no pressure"), throttledMicroseconds: .absent("no quota"),
        hertz: .absent("no clock"))
    }
    var observed = ObservedConditions(from: snapshot(0), to: snapshot(1_000_000_000), threads: 2)
    observed.stealShare = .found(0)
    observed.othersShare = .found(0)
    change(&observed)
    return observed.disturbances(threads: 2, processors: 2)
  }

  @Test func aQuietSecondHasNone() { #expect(disturbances() == []) }

  @Test func findsWhatDisturbs() {
    #expect(disturbances { $0.stealShare = .found(0.08) } == [.steal])
    #expect(disturbances { $0.othersShare = .found(0.2) } == [.othersBusy])
    #expect(disturbances { $0.throttled = .found(0.02) } == [.quotaThrottled])
    #expect(disturbances { $0.usage.majorFaults = 1 } == [.majorFaults])
    #expect(disturbances { $0.usage.involuntarySwitches = 300 } == [.contextSwitches])
    #expect(disturbances { $0.processorShare = .found(0.7) } == [.lowProcessorShare])
    #expect(disturbances { $0.hertz = .found(.init(before: 3e9, after: 2e9)) } == [.frequency])
    #expect(disturbances { $0.memoryPressure = .found(0.02) } == [.memoryPressure])
  }

  @Test func doesNotJudgeSharesOfAShortRun() {
    // Three milliseconds are less than a tick of the scheduler: one tick of somebody else says nothing.
    let found = disturbances {
      $0.wall = 0.003
      $0.stealShare = .found(0.5)
      $0.othersShare = .found(0.5)
      $0.processorShare = .found(0.6)
      $0.usage.involuntarySwitches = 2
    }
    #expect(found == [])
  }

  @Test func takesWhatIsUnknownForNothingFound() {
    let found = disturbances {
      $0.stealShare = .absent("no ticks")
      $0.othersShare = .absent("no ticks")
      $0.processorShare = .absent("no clock")
    }
    #expect(found == [])
  }
}
