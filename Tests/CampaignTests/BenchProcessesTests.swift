import Campaign
import Metering
import Records
import Statistics
import Testing

@Suite struct BenchProcessesTests {
  private let shapes = [
    BenchShape(promptTokens: 12, generatedTokens: 0), BenchShape(promptTokens: 8, generatedTokens: 3),
  ]

  /// The runs that a bench of this test alone prints.
  private func runs(of shape: BenchShape, repetitions: Int = 2) throws -> [RunRecord] {
    var request = BenchRequest(threads: [1])
    request.settings.pin = false
    request.promptTokens = []
    request.generatedTokens = []
    request.combined = [.init(promptTokens: shape.promptTokens, generatedTokens: shape.generatedTokens)]
    request.repetitions = repetitions
    var runs: [RunRecord] = []
    _ = try BenchCampaign(
      try BenchPlan(request), on: try Fixture.workbench(), toolVersion: "1", energy: try Fixture.energy,
      instruments: .scripted
    ).run(record: { runs.append($0) })
    return runs
  }

  /// Two repetitions in each of three processes, each process beginning with another test.
  @Test func gathersTheRepetitionsOfAllProcesses() throws {
    var started: [[Int]] = []
    var written: [RunRecord] = []
    var results: [BenchResult] = []
    let bench = BenchProcesses(shapes, processes: 3, goal: nil, cancellation: Cancellation())
    try bench.run(
      start: { test, process in
        started.append([process, test])
        return try runs(of: shapes[test])
      }, record: { written.append($0) }
    ) { result, verdict in
      results.append(result)
      #expect(verdict == nil, "no goal was asked for")
    }
    #expect(started == [[0, 0], [0, 1], [1, 1], [1, 0], [2, 0], [2, 1]])
    #expect(results.map(\.shape) == shapes && results.allSatisfy { $0.repetitions.count == 6 })
    #expect(results.map { Set($0.repetitions.map(\.count)) } == [[1], [2]], "a test of both phases has two runs")
    #expect(results.allSatisfy { $0.processWalls.map(\.count) == [2, 2, 2] })
    #expect(written.count == 6 + 12 && Set(written.map(\.process)) == [0, 1, 2])
  }

  /// On the ticking clock all processes are alike: six give an interval of no width, and the other test has no more.
  @Test func goesOnUntilTheGoalIsReached() throws {
    var verdicts: [String?] = []
    let bench = BenchProcesses(
      shapes, processes: 2, goal: RepetitionGoal(halfWidth: 0.02, budgetSeconds: 1e6), cancellation: Cancellation())
    try bench.run(start: { test, _ in try runs(of: shapes[test], repetitions: 1) }, record: { _ in }) {
      #expect($0.repetitions.count == 30)
      verdicts.append($1?.code)
    }
    #expect(verdicts == ["goal-reached", "goal-reached"])
  }

  @Test func aWishToStopKeepsWhatIsThere() throws {
    let cancellation = Cancellation()
    var results: [BenchResult] = []
    let bench = BenchProcesses(
      shapes, processes: 4, goal: RepetitionGoal(halfWidth: 0.02), cancellation: cancellation)
    try bench.run(
      start: { test, process in
        if process == 1 { cancellation.cancel() }
        return process == 1 ? [] : try runs(of: shapes[test])
      }, record: { _ in }
    ) { result, verdict in
      results.append(result)
      #expect(verdict == nil, "nobody knows whether the goal would have been reached")
    }
    #expect(results.map(\.repetitions.count) == [2, 2])
  }
}
