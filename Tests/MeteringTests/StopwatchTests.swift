import Metering
import TestSupport
import Testing

@Suite struct StopwatchTests {
  @Test func measuresWhatTheScriptSays() {
    // The watch looks once at its start, then once for each question: 100, then 100 + 1.5e9, then + 2e9, then + 0.
    let watch = Stopwatch(ScriptedClock(start: 100, steps: [1_500_000_000, 2_000_000_000]))
    #expect(watch.elapsed == 1.5)
    #expect(watch.elapsed == 3.5)
    #expect(watch.elapsed == 3.5)
  }

  @Test func countsNothingWhenTheClockGoesBack() {
    #expect(Stopwatch.seconds(from: 5, to: 4) == 0)
    #expect(Stopwatch.seconds(from: .max, to: 0) == 0)
  }

  @Test func letsTheTestAdvanceTheClock() {
    let clock = ScriptedClock()
    let watch = Stopwatch(clock)
    clock.advance(nanoseconds: 2_000_000_000, busyProcessors: 1.5)
    #expect(watch.elapsed == 2)
    #expect(clock.processNanoseconds() == 3_000_000_000)
  }

  @Test func readsTheSystemsClocks() {
    let system = SystemTimekeeper()
    let (wall, process) = (system.nanoseconds(), system.processNanoseconds())
    #expect(system.nanoseconds() >= wall)
    #expect(system.processNanoseconds() >= process)
  }
}
