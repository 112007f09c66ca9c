import Engine
import Metering
import Records
import Statistics

/// Runs a bench plan the way llama-bench does: a warm-up of each test, then its repetitions one after another, the
/// context of a depth filled once and kept.
package struct BenchCampaign {
  private let workbench: Workbench
  private let plan: BenchPlan
  private let maker: RecordMaker
  private let cancellation: Cancellation
  private let observer: CampaignObserver
  private let timekeeper: any Timekeeper

  package struct Outcome: Sendable {
    /// In the plan's order; the last may have fewer repetitions when the bench was interrupted.
    package var results: [BenchResult]
    package var isInterrupted: Bool
  }

  package init(
    _ plan: BenchPlan, on workbench: Workbench, toolVersion: String, energy: EnergyBook,
    cancellation: Cancellation = Cancellation(), instruments: Instruments = .system,
    observer: @escaping CampaignObserver = { _ in }
  ) {
    self.plan = plan
    self.workbench = workbench
    self.cancellation = cancellation
    self.observer = observer
    timekeeper = instruments.timekeeper
    maker = RecordMaker(toolVersion: toolVersion, machine: workbench.machine, model: workbench.identity, energy: energy)
  }

  /// Hands over each test's result as soon as it is there; `record` takes every run as it finishes.
  package func run(
    record: (RunRecord) throws -> Void = { _ in }, finished: (BenchResult) throws -> Void = { _ in }
  ) throws -> Outcome {
    var outcome = Outcome(results: [], isInterrupted: false)
    noteLongContexts()
    var current: (test: BenchTest, runner: PhaseRunner)?
    for (index, test) in plan.tests.enumerated() {
      if current.map({ !$0.test.sharesEngine(with: test) }) ?? true {
        // The old engine's memory goes before the new one's comes.
        current = nil
        current = (test, try runner(for: test))
      }
      guard let runner = current?.runner else { continue }
      var repetitions: [[RunRecord]] = []
      do {
        if plan.warmsUp { try warmUp(test.test, runner) }
        try run(test, index: index, on: runner) { runs in
          if plan.goal == nil { try hand(over: runs, to: record) }
          repetitions.append(runs)
        }
      } catch is Interruption {
        outcome.isInterrupted = true
      }
      if let goal = plan.goal {
        observer(.noted(goal.markWarmUp(of: &repetitions, named: test.test.name)))
        for runs in repetitions { try hand(over: runs, to: record) }
        repetitions.removeAll { $0.contains { $0.verdict.contains(VerdictCode.warmUp.rawValue) } }
      }
      if !repetitions.isEmpty {
        let result = BenchResult(test: test.test, repetitions: repetitions)
        outcome.results.append(result)
        try finished(result)
      }
      if outcome.isInterrupted { break }
    }
    return outcome
  }

  /// As often as was asked for, and on until the goal is reached or its time is spent.
  private func run(
    _ test: BenchTest, index: Int, on runner: PhaseRunner, finished: ([RunRecord]) throws -> Void
  ) throws {
    var walls: [Double] = []
    let start = seconds
    while walls.count < plan.repetitions || !isEnough(walls, since: start) {
      report(test, index: index, repetition: walls.count)
      let runs = try runs(of: test.test, runner).map {
        maker.record($0, settings: test.settings, engine: runner.engine, repetition: walls.count)
      }
      walls.append(runs.reduce(0) { $0 + $1.wall.value })
      try finished(runs)
    }
  }

  private var seconds: Double { Double(timekeeper.nanoseconds()) / 1e9 }

  private func isEnough(_ walls: [Double], since start: Double) -> Bool {
    guard let goal = plan.goal else { return true }
    // Another repetition must fit into the budget.
    return seconds - start + (walls.max() ?? 0) > goal.budgetSeconds
      || goal.isReached(by: RepetitionGoal.progress(wallSeconds: walls))
  }

  private func hand(over runs: [RunRecord], to record: (RunRecord) throws -> Void) rethrows {
    for run in runs {
      try record(run)
      observer(.finished(run))
    }
  }

  /// An engine with room for all tests that can share it.
  private func runner(for test: BenchTest) throws -> PhaseRunner {
    let length = plan.tests.filter(test.sharesEngine).map(\.contextLength).max() ?? test.contextLength
    let engine = try workbench.engine(test.settings, contextLength: length, sequences: test.test.sequences)
    return PhaseRunner(
      engine, batch: test.settings.batch, supply: .seeded(plan.seed, vocabulary: engine.description.vocabularySize),
      cancellation: cancellation, processors: workbench.machine.processorList, timekeeper: timekeeper,
      meter: maker.energy.meter, slowdown: test.settings.slowdown)
  }

  /// A whole prompt and one generated token.
  private func warmUp(_ test: BenchShape, _ runner: PhaseRunner) throws {
    observer(.preparing(.warmUp))
    let single = BenchShape(
      promptTokens: test.promptTokens, generatedTokens: min(1, test.generatedTokens), depth: test.depth,
      sequences: test.sequences)
    _ = try runs(of: single, runner)
  }

  private func runs(of test: BenchShape, _ runner: PhaseRunner) throws -> [PhaseRun] {
    var runs: [PhaseRun] = []
    if test.promptTokens > 0 {
      runs.append(try runner.prefill(test.promptTokens, sequences: test.sequences, depth: test.depth))
    }
    if test.generatedTokens > 0 {
      runs.append(
        try runner.decode(
          test.generatedTokens, sequences: test.sequences, depth: test.depth + test.promptTokens))
    }
    return runs
  }

  private func report(_ test: BenchTest, index: Int, repetition: Int) {
    let phase: Phase = test.test.promptTokens > 0 ? .prefill : .decode
    observer(
      .running(
        CampaignEvent.Progress(
          shape: RunShape(
            phase: phase, promptTokens: test.test.promptTokens, generatedTokens: test.test.generatedTokens,
            contextTokens: test.test.depth, sequences: test.test.sequences),
          repetition: repetition, index: index * plan.repetitions + repetition + 1,
          count: max(plan.tests.count * plan.repetitions, index * plan.repetitions + repetition + 1), remaining: nil)))
  }

  private func noteLongContexts() {
    let longest = plan.tests.map(\.contextLength).max() ?? 0
    let trained = workbench.model.description.contextLength
    guard longest > trained else { return }
    observer(
      .noted(
        Warning(
          code: "beyond-context",
          message: "the tests reach \(longest) tokens of context; the model was made for \(trained): its cost is real, "
            + "its text would not be")))
  }
}
