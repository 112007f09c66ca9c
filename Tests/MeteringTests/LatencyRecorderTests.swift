import Metering
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

  @Test(arguments: [-1, 0, 1]) func countsWhatFoundNoRoom(capacity: Int) {
    var recorder = LatencyRecorder(capacity: capacity, timekeeper: ScriptedClock())
    for _ in 0..<3 {
      recorder.begin()
      recorder.end(contextTokens: 0, tokens: 1)
    }
    let (count, dropped) = (recorder.count, recorder.dropped)
    #expect(count == max(0, capacity))
    #expect(dropped == 3 - max(0, capacity))
    recorder.reset()
    let afterReset = (recorder.count, recorder.dropped, recorder.capacity)
    #expect(afterReset == (0, 0, max(0, capacity)))
  }
}
