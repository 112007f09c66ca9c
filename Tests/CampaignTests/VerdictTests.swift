import Campaign
import Machine
import Metering
import Records
import Testing

@Suite struct VerdictTests {
  private let second: UInt64 = 1_000_000_000

  /// Two threads on two processors for one second, nothing else happening.
  private func conditions(_ change: (inout ObservedConditions) -> Void = { _ in }) -> ObservedConditions {
    func snapshot(_ nanoseconds: UInt64) -> ConditionsSnapshot {
      ConditionsSnapshot(
        nanoseconds: nanoseconds, processNanoseconds: 2 * nanoseconds,
        usage: ResourceUsage(voluntarySwitches: 0, involuntarySwitches: 0, minorFaults: 0, majorFaults: 0),
        ticks: .absent("no ticks"), processorPressureMicroseconds: .absent("no pressure"),
        memoryPressureMicroseconds: .absent("no pressure"), throttledMicroseconds: .absent("no quota"),
        hertz: .absent("no clock"))
    }
    var observed = ObservedConditions(from: snapshot(0), to: snapshot(second), threads: 2)
    observed.stealShare = .found(0)
    observed.othersShare = .found(0)
    change(&observed)
    return observed
  }

  private func codes(
    milliseconds: [UInt64] = Array(repeating: 10, count: 8), readRoofs: [Double] = [],
    _ change: (inout ObservedConditions) -> Void = { _ in }
  ) throws -> [VerdictCode] {
    let runner = try Fixture.runner()
    let shape = RunShape(phase: .decode, generatedTokens: milliseconds.count, contextTokens: 8)
    let run = PhaseRun(
      shape: shape, time: "2026-01-31T09:30:00Z",
      steps: milliseconds.enumerated().map { step, time in
        StepLatency(contextTokens: 8 + step, tokens: 1, nanoseconds: time * 1_000_000)
      }, costs: PhaseCosts(shape, on: runner.engine, batch: 16), conditions: conditions(change))
    return Verdict.judge(run, threads: 2, processors: 2, readRoofs: readRoofs)
  }

  @Test func trustsAQuietRun() throws { #expect(try codes() == []) }

  @Test func findsWhatDisturbs() throws {
    #expect(try codes { $0.stealShare = .found(0.08) } == [.steal])
    #expect(try codes { $0.othersShare = .found(0.2) } == [.othersBusy])
    #expect(try codes { $0.throttled = .found(0.02) } == [.quotaThrottled])
    #expect(try codes { $0.usage.majorFaults = 1 } == [.majorFaults])
    #expect(try codes { $0.usage.involuntarySwitches = 300 } == [.contextSwitches])
    #expect(try codes { $0.processorShare = .found(0.7) } == [.lowProcessorShare])
    #expect(
      try codes { $0.hertz = .found(.init(before: 3e9, after: 2e9)) } == [.frequency])
    #expect(try codes { $0.memoryPressure = .found(0.02) } == [.memoryPressure])
    #expect(try codes(milliseconds: [10, 10, 10, 10, 14, 14, 14, 14]) == [.notStationary])
  }

  @Test func comparesTheReadRoofWithTheBestSoFar() throws {
    #expect(try codes(readRoofs: [10e9, 8.9e9]) == [.roofDrift])
    #expect(try codes(readRoofs: [10e9, 8.9e9, 9.1e9]) == [])
    #expect(try codes(readRoofs: [8e9, 10e9]) == [])
  }

  @Test func toleratesASingleStrayStep() throws {
    // The halves differ by their medians, but four such steps and four may do so by chance.
    #expect(try codes(milliseconds: [10, 13, 10, 13, 12, 14, 10, 14]) == [])
    #expect(try codes(milliseconds: [10, 10, 50, 10, 10, 10, 10, 10]) == [])
  }

  @Test func doesNotJudgeSharesOfAShortRun() throws {
    // Three milliseconds are less than a tick of the scheduler: one tick of somebody else says nothing.
    let found = try codes {
      $0.wall = 0.003
      $0.stealShare = .found(0.5)
      $0.othersShare = .found(0.5)
      $0.processorShare = .found(0.6)
      $0.usage.involuntarySwitches = 2
    }
    #expect(found == [])
  }

  @Test func takesWhatIsUnknownForNothingFound() throws {
    let found = try codes {
      $0.stealShare = .absent("no ticks")
      $0.othersShare = .absent("no ticks")
      $0.processorShare = .absent("no clock")
    }
    #expect(found == [])
  }
}
