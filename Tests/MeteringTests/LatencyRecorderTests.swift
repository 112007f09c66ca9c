import Metering
import TestSupport
import Testing

@Suite struct LatencyRecorderTests {
  @Test func keepsEveryStepInOrder() {
    // Looks come in pairs: a step of 10, a pause of 1, a step of 20.
    var recorder = LatencyRecorder(capacity: 4, timekeeper: ScriptedClock(steps: [10, 1, 20]))
    recorder.begin()
    recorder.end(contextTokens: 7, tokens: 2)
    recorder.begin()
    recorder.end(contextTokens: 8, tokens: 2)
    let steps = recorder.steps
    #expect(
      steps == [
        StepLatency(contextTokens: 7, tokens: 2, nanoseconds: 10),
        StepLatency(contextTokens: 8, tokens: 2, nanoseconds: 20),
      ])
    #expect(steps.last?.wall == 2e-8)
  }

  @Test(arguments: [-1, 0, 1]) func keepsNoMoreThanItHasRoomFor(capacity: Int) {
    var recorder = LatencyRecorder(capacity: capacity, timekeeper: ScriptedClock())
    for _ in 0..<3 {
      recorder.begin()
      recorder.end(contextTokens: 0, tokens: 1)
    }
    let steps = recorder.steps
    #expect(steps.count == max(0, capacity))
  }
}
