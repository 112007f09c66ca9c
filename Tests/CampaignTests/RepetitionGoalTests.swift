import Campaign
import Records
import Testing

@Suite struct RepetitionGoalTests {
  /// Six equal times: the median lies between the least and the greatest, 10.2 − 9.8 = 0.4, half of which is 2 % of 10.
  @Test func theWidthIsThatOfTheMedian() {
    let progress = RepetitionGoal.progress(wallSeconds: [10, 9.8, 10, 10.2, 10, 10])
    #expect(progress.warmUp == 0)
    #expect(abs((progress.halfWidth ?? 0) - 0.02) < 1e-12)
    #expect(RepetitionGoal.progress(wallSeconds: [10, 10, 10, 10, 10]).halfWidth == nil)
  }

  /// Five slow ones come before ten fast ones: the slow are left out, and the fast lie between 1 and 1.09.
  @Test func aWarmUpIsLeftOut() {
    let fast = [1.0, 1.07, 1.04, 1.01, 1.08, 1.05, 1.02, 1.09, 1.06, 1.03]
    let progress = RepetitionGoal.progress(wallSeconds: [9.4, 9.2, 9.5, 9.1, 9.3] + fast)
    #expect(progress.warmUp == 5)
    #expect((progress.halfWidth ?? 1) < 0.05)
  }

  /// Medians of six processes 9.8, 10, 10, 10, 10 and 10.2: whatever their repetitions do, 2 % of 10.
  @Test func processesAreTheUnits() {
    let walls: [[Double]] = [[10, 10, 1], [9.8], [10, 99, 10], [10.2, 10.2], [10], [10]]
    let progress = RepetitionGoal.progress(processes: walls)
    #expect(progress.warmUp == 0 && abs((progress.halfWidth ?? 0) - 0.02) < 1e-12)
    #expect(RepetitionGoal.progress(processes: Array(walls.prefix(5))).halfWidth == nil)
    let goal = RepetitionGoal(halfWidth: 0.03)
    #expect(goal.verdict(processes: walls, named: "tg8").message == "tg8: ± 2.0 % after 6 processes; that is enough")
    #expect(goal.verdict(processes: [[1]], named: "tg8").code == "budget-spent")
  }

  private func bench(_ goal: RepetitionGoal, repetitions: Int = 2) throws -> (
    results: [BenchResult], codes: [String], runs: Int
  ) {
    var request = BenchRequest(threads: [1])
    request.settings.pin = false
    request.promptTokens = [0]
    request.generatedTokens = [3]
    request.repetitions = repetitions
    request.goal = goal
    var codes: [String] = []
    var runs = 0
    var results: [BenchResult] = []
    _ = try BenchCampaign(
      try BenchPlan(request), on: try Fixture.workbench(), toolVersion: "1", energy: try Fixture.energy,
      instruments: .scripted,
      observer: { if case .noted(let warning) = $0 { codes.append(warning.code) } }
    ).run(record: { _ in runs += 1 }, finished: { results.append($0) })
    return (results, codes, runs)
  }

  /// On the ticking clock all repetitions take the same time: six give an interval of no width.
  @Test func repeatsUntilTheIntervalIsNarrow() throws {
    let enough = try bench(RepetitionGoal(halfWidth: 0.02))
    #expect(enough.results.map(\.repetitions.count) == [6] && enough.runs == 6)
    #expect(enough.codes == ["goal-reached"])
    // What was asked for is run in any case.
    #expect(try bench(RepetitionGoal(halfWidth: 0.02), repetitions: 8).runs == 8)
  }

  /// Three looks a step: of 30 ms no more than a few repetitions fit, and they have no interval.
  @Test func stopsWhenItsTimeIsSpent() throws {
    let short = try bench(RepetitionGoal(halfWidth: 0.02, budgetSeconds: 0.03))
    #expect(short.runs >= 2 && short.runs < 6)
    #expect(short.codes == ["budget-spent"])
  }
}
