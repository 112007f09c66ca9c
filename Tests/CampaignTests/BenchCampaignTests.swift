import Campaign
import Metering
import Quantities
import Records
import Testing

@Suite struct BenchCampaignTests {
  private func plan(_ change: (inout BenchRequest) -> Void = { _ in }) throws -> BenchPlan {
    var request = BenchRequest(threads: [1])
    request.settings.pin = false
    request.promptTokens = [12]
    request.generatedTokens = [3]
    request.combined = [.init(promptTokens: 12, generatedTokens: 3)]
    request.batches = [16]
    request.microBatches = [8]
    request.repetitions = 2
    change(&request)
    return try BenchPlan(request)
  }

  /// The results, and whether the bench got to its end.
  private func run(
    _ plan: BenchPlan, cancellation: Cancellation = Cancellation(), record: (RunRecord) throws -> Void = { _ in },
    observer: @escaping CampaignObserver = { _ in }
  ) throws -> (results: [BenchResult], isComplete: Bool) {
    var results: [BenchResult] = []
    let isComplete = try BenchCampaign(
      plan, on: try Fixture.workbench(), toolVersion: "1", energy: try Fixture.energy, cancellation: cancellation,
      instruments: .scripted, observer: observer
    ).run(record: record) { results.append($0) }
    return (results, isComplete)
  }

  @Test func handsOverARowForEachTest() throws {
    var written: [RunRecord] = []
    let (results, isComplete) = try run(plan { $0.sequences = [1, 2] }, record: { written.append($0) })
    #expect(isComplete)
    #expect(results.map(\.shape.name) == ["pp12", "tg3", "pp12+tg3", "tg3", "pp12+tg3"])
    #expect(results.allSatisfy { $0.repetitions.count == 2 })
    // A test of both phases makes two runs; all are repeated once.
    #expect(written.count == (1 + 1 + 2 + 1 + 2) * 2)
    #expect(written.allSatisfy { $0.defect == nil })
  }

  @Test func keepsTheDepthOutOfTheTime() throws {
    let both = try #require(try run(plan { $0.depths = [20] }).results.last)
    #expect(both.shape.name == "pp12+tg3 @ d20")
    #expect(both.repetitions.allSatisfy { $0.map(\.contextTokens) == [20, 32] })
    // Each look at the clock is a millisecond: one for the prompt, one for each of three tokens.
    #expect(both.processWalls.map { $0.map { ($0 * 1000).rounded() } } == [[4, 4]])
  }

  @Test func keepsFinishedRepetitionsWhenInterrupted() throws {
    let cancellation = Cancellation()
    var written = 0
    let (results, isComplete) = try run(
      plan { $0.repetitions = 4 }, cancellation: cancellation,
      record: { _ in
        written += 1
        if written == 6 { cancellation.cancel() }
      })
    // Four prompts, then two of four generations.
    #expect(!isComplete)
    #expect(results.map(\.repetitions.count) == [4, 2])
  }

  @Test func saysThatAContextIsLongerThanTheModelWasMadeFor() throws {
    let log = Log()
    let cancellation = Cancellation()
    cancellation.cancel()
    let results = try run(
      plan { $0.depths = [3000] }, cancellation: cancellation, observer: { log.events.append($0) }
    ).results
    #expect(results.isEmpty)
    #expect(
      log.events.contains { if case .noted(let warning) = $0 { warning.code == "beyond-context" } else { false } })
  }
}
