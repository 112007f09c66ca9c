import Metering
import TestSupport
import Testing

@Suite struct SlowdownTests {
  /// The wait looks at the clock once at 1000 and then every 7 ns until 1050 is reached, at 1056.
  @Test func waitsForAShareOfWhatWasTimed() {
    let clock = ScriptedClock(steps: [1000] + Array(repeating: 7, count: 100))
    let start = clock.nanoseconds()
    Slowdown(share: 0.05).wait(since: start, on: clock)
    // The look that ended the wait has moved it on once more.
    #expect(clock.nanoseconds() == 1063)
  }

  /// 100 ns of work, then 50 % more: looks at 100, 130 and 160 reach the 150 that were to be waited for; the step ends at 190.
  @Test func lengthensEveryStep() {
    let clock = ScriptedClock(steps: [100, 30, 30, 30])
    var recorder = LatencyRecorder(capacity: 1, timekeeper: clock, slowdown: Slowdown(share: 0.5))
    recorder.begin()
    recorder.end(contextTokens: 0, tokens: 1)
    #expect(recorder.steps.map(\.nanoseconds) == [190])
  }

  @Test func endsOnAClockThatStandsStill() {
    let clock = ScriptedClock(start: 10)
    Slowdown(share: 1).wait(since: 10, on: clock)
    Slowdown(share: 1).wait(since: 20, on: clock)
    #expect(clock.nanoseconds() == 10)
  }
}
