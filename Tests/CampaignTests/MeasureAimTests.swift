import Campaign
import Records
import TestSupport
import Testing

@Suite struct MeasureAimTests {
  private typealias Standing = MeasureAim.Standing

  /// Prompts hold 4e-4 of the variance in 9 windows, steps 1e-4 in 9: one more window takes 4e-5 and 1e-5 of it.
  @Test func theNextKindTellsMostInASecond() {
    let standing = Standing(
      halfWidth: 0.05, isReached: false,
      parts: [
        .prompts: Standing.Part(variance: 4e-4, windows: 9), .steps: Standing.Part(variance: 1e-4, windows: 9),
      ])
    #expect(standing.next(seconds: [.prompts: 1, .steps: 1]) == .prompts)
    #expect(standing.next(seconds: [.prompts: 3, .steps: 1]) == .prompts)
    #expect(standing.next(seconds: [.prompts: 5, .steps: 1]) == .steps)
    #expect(standing.next(seconds: [:]) == nil)
    #expect(Standing(halfWidth: nil, isReached: false, parts: [:]).next(seconds: [.prompts: 1]) == nil)
    let output = Standing(halfWidth: 0.1, isReached: false, parts: [.steps: Standing.Part(variance: 1, windows: 8)])
    #expect(output.next(seconds: [.prompts: 1e-9, .steps: 1e9]) == .steps)
  }

  private let place = TemporaryDirectory()

  private func run(budget: Double, _ aim: MeasureAim) throws -> MeasureCampaign.Outcome {
    var request = Fixture.request
    request.sequences = []
    request.until = aim.text
    request.budgetSeconds = budget
    return try MeasureCampaign.begin(
      request, results: place.path, command: ["inferometer", "measure"], toolVersion: "1", machine: Fixture.machine,
      instruments: .scripted
    ).run(aim: aim)
  }

  @Test func endsWhenTheFigureIsKnown() throws {
    let outcome = try run(
      budget: 60,
      MeasureAim("$/M output ± 3 %") { runs in
        Standing(halfWidth: 0.02, isReached: Set(runs.compactMap(\.window)).count >= 9, parts: [:])
      })
    #expect(Set(outcome.records.compactMap(\.window)) == Set(0..<9))
    #expect(outcome.warnings.contains { $0.code == "goal-reached" && $0.message.contains("± 2.0 %") })
  }

  @Test func makesTheRunsThatTellMost() throws {
    let outcome = try run(
      budget: 60,
      MeasureAim("$/M output ± 3 %") { runs in
        Standing(
          halfWidth: nil, isReached: false,
          parts: [.steps: Standing.Part(variance: 1, windows: Set(runs.compactMap(\.window)).count)])
      })
    let windows = Dictionary(grouping: outcome.records) { $0.window ?? -1 }
    #expect(windows.keys.count > 8)
    for (number, runs) in windows {
      #expect(runs.contains { $0.phase == .prefill } == (number < 8), "window \(number)")
      #expect(runs.contains { $0.phase == .decode })
    }
    #expect(Set(outcome.records.map(\.key)).count == outcome.records.count)
    #expect(outcome.warnings.contains { $0.code == "goal-missed" && $0.message.contains("longer --budget") })
  }
}
