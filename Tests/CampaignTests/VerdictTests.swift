import Campaign
import Machine
import Metering
import Records
import Testing

@Suite struct VerdictTests {
  /// Decode steps in a quiet second of two threads on two processors.
  private func codes(
    milliseconds: [UInt64] = Array(repeating: 10, count: 10), transient: Int = 0,
    _ change: (inout ObservedConditions) -> Void = { _ in }
  ) throws -> [VerdictCode] {
    func snapshot(_ nanoseconds: UInt64) -> ConditionsSnapshot {
      ConditionsSnapshot(
        nanoseconds: nanoseconds, processNanoseconds: 2 * nanoseconds,
        usage: ResourceUsage(voluntarySwitches: 0, involuntarySwitches: 0, minorFaults: 0, majorFaults: 0),
        ticks: .absent("no ticks"), processorPressureMicroseconds: .absent("no pressure"),
        memoryPressureMicroseconds: .absent("no pressure"), throttledMicroseconds: .absent("no quota"),
        hertz: .absent("no clock"))
    }
    var conditions = ObservedConditions(from: snapshot(0), to: snapshot(1_000_000_000), threads: 2)
    change(&conditions)
    let runner = try Fixture.runner()
    let shape = RunShape(phase: .decode, generatedTokens: milliseconds.count, contextTokens: 8)
    let run = PhaseRun(
      shape: shape, time: "2026-01-31T09:30:00Z",
      steps: milliseconds.enumerated().map { step, time in
        StepLatency(contextTokens: 8 + step, tokens: 1, nanoseconds: time * 1_000_000)
      }, costs: PhaseCosts(shape, on: runner.engine, batch: 16), conditions: conditions)
    return Verdict.judge(run, transient: transient, threads: 2, processors: 2)
  }

  @Test func trustsAQuietRun() throws { #expect(try codes() == []) }

  @Test func findsWhatDisturbsAndADrift() throws {
    #expect(try codes { $0.stealShare = .found(0.08) } == [.steal])
    #expect(try codes(milliseconds: [10, 10, 10, 10, 10, 14, 14, 14, 14, 14]) == [.notStationary])
    #expect(Disturbance.allCases.allSatisfy { VerdictCode(rawValue: $0.rawValue) != nil })
  }

  @Test func theTransientIsNoDrift() throws {
    let steps: [UInt64] = [30, 25, 20, 14, 10, 10, 10, 10, 10, 10, 10, 10]
    #expect(try codes(milliseconds: steps) == [.notStationary])
    #expect(try codes(milliseconds: steps, transient: 4) == [])
  }

  @Test func toleratesASingleStrayStep() throws {
    // The halves differ by their medians, but four such steps and four may do so by chance.
    #expect(try codes(milliseconds: [10, 13, 10, 13, 12, 14, 10, 14, 10, 13]) == [])
    #expect(try codes(milliseconds: [10, 10, 50, 10, 10, 10, 10, 10, 10, 10]) == [])
  }
}
