import Metering
import Records
import Statistics

/// Runs a bench plan the way llama-bench does: a warm-up of each test, then its repetitions one after another, the
/// context of a depth filled once and kept.
package struct BenchCampaign {
  private let plan: BenchPlan
  private let runners: Runners
  private let maker: RecordMaker
  /// Tokens of context that the model was made for.
  private let trainedLength: Int
  private let cancellation: Cancellation
  private let observer: CampaignObserver
  private let timekeeper: any Timekeeper

  package init(
    _ plan: BenchPlan, on workbench: Workbench, toolVersion: String, energy: EnergyAccountant,
    cancellation: Cancellation = Cancellation(), instruments: Instruments = .system,
    observer: @escaping CampaignObserver = { _ in }
  ) {
    self.plan = plan
    self.cancellation = cancellation
    self.observer = observer
    timekeeper = instruments.timekeeper
    trainedLength = workbench.model.description.contextLength
    runners = Runners(
      workbench, seed: plan.seed, meter: energy.meter, cancellation: cancellation, timekeeper: timekeeper)
    maker = RecordMaker(toolVersion: toolVersion, machine: workbench.machine, energy: energy)
  }

  /// Hands over each test's result as soon as it is there, which has fewer repetitions when the bench was interrupted: then
  /// false. `record` takes every run as it finishes.
  package func run(
    record: (RunRecord) throws -> Void = { _ in }, finished: (BenchResult) throws -> Void = { _ in }
  ) throws -> Bool {
    noteLongContexts()
    for (index, test) in plan.tests.enumerated() {
      var repetitions: [[RunRecord]] = []
      let isComplete = try run(test, index: index) { runs in
        if plan.goal == nil { try hand(over: runs, to: record) }
        repetitions.append(runs)
      }
      if let goal = plan.goal {
        observer(.noted(goal.markWarmUp(of: &repetitions, named: test.shape.name)))
        for runs in repetitions { try hand(over: runs, to: record) }
        repetitions.removeAll { $0.contains { $0.verdict.contains(VerdictCode.warmUp.rawValue) } }
      }
      if !repetitions.isEmpty { try finished(BenchResult(shape: test.shape, repetitions: repetitions)) }
      if !isComplete { return false }
    }
    return true
  }

  /// As often as was asked for, and on until the goal is reached or its time is spent; false when it was interrupted.
  private func run(_ test: BenchTest, index: Int, finished: ([RunRecord]) throws -> Void) throws -> Bool {
    let needs = plan.needs(of: test)
    runners.keepOnly(needs)
    let runner = try runners.runner(for: needs)
    var walls: [Double] = []
    var nextLook = 0
    do {
      if plan.warmsUp { try warmUp(test.shape, runner) }
      let rounds = Rounds(
        rounds: 0..<plan.repetitions, seconds: plan.goal?.budgetSeconds ?? 0, cancellation: cancellation,
        timekeeper: timekeeper)
      return try rounds.run { _, repetition in
        report(test.shape, index: index, repetition: repetition)
        let runs = try test.shape.runs.map { maker.record(try runner.run($0), of: runner, repetition: repetition) }
        walls.append(runs.reduce(0) { $0 + $1.wall.value })
        try finished(runs)
      } isEnough: { _, _ in
        guard let goal = plan.goal else { return true }
        // A look costs as much as there are repetitions: one at each of millions would take longer than they do.
        guard walls.count >= nextLook else { return false }
        nextLook = walls.count + 1 + walls.count / 20
        return goal.isReached(by: RepetitionGoal.progress(wallSeconds: walls))
      }.isEmpty
    } catch is Interruption {
      return false
    }
  }

  private func hand(over runs: [RunRecord], to record: (RunRecord) throws -> Void) rethrows {
    for run in runs {
      try record(run)
      observer(.finished(run))
    }
  }

  /// A whole prompt and one generated token.
  private func warmUp(_ shape: BenchShape, _ runner: PhaseRunner) throws {
    observer(.preparing(.warmUp))
    var single = shape
    single.generatedTokens = min(1, shape.generatedTokens)
    for run in single.runs { _ = try runner.run(run) }
  }

  private func report(_ shape: BenchShape, index: Int, repetition: Int) {
    let place = index * plan.repetitions + repetition + 1
    observer(
      .running(
        CampaignEvent.Progress(
          shape: RunShape(
            phase: shape.promptTokens > 0 ? .prefill : .decode, promptTokens: shape.promptTokens,
            generatedTokens: shape.generatedTokens, contextTokens: shape.depth, sequences: shape.sequences),
          repetition: repetition, index: place, count: max(plan.tests.count * plan.repetitions, place), remaining: nil))
    )
  }

  private func noteLongContexts() {
    let longest = plan.tests.map(\.contextLength).max() ?? 0
    guard longest > trainedLength else { return }
    observer(
      .noted(
        Warning(
          code: "beyond-context",
          message: "the tests reach \(longest) tokens of context; the model was made for \(trainedLength): its cost is "
            + "real, its text would not be")))
  }
}

/// A bench whose tests each run in several processes: what one process has by luck, such as where its memory lies, its
/// repetitions share, so that only processes are independent.
package struct BenchProcesses {
  private let shapes: [BenchShape]
  private let processes: Int
  private let goal: RepetitionGoal?
  private let cancellation: Cancellation

  package init(_ shapes: [BenchShape], processes: Int, goal: RepetitionGoal?, cancellation: Cancellation) {
    self.shapes = shapes
    self.processes = processes
    self.goal = goal
    self.cancellation = cancellation
  }

  /// As many processes as were asked for, and on until each test's goal is reached or its time is spent. `start` runs a test
  /// in a process and returns its runs. Hands over every run as it is there, and every test's result at the end, with
  /// what is to be said of its goal.
  package func run(
    start: (_ test: Int, _ process: Int) throws -> [RunRecord], record: (RunRecord) throws -> Void,
    finished: (BenchResult, Warning?) throws -> Void
  ) throws {
    var results = shapes.map { BenchResult(shape: $0, repetitions: []) }
    let rounds = Rounds(
      of: shapes.count, rounds: 0..<processes, seconds: goal?.budgetSeconds ?? 0, cancellation: cancellation)
    let open = try rounds.run { test, process in
      var records = try start(test, process)
      for place in records.indices {
        records[place].process = process
        try record(records[place])
      }
      // A test of both phases has two runs a repetition.
      results[test].repetitions += Dictionary(grouping: records, by: \.repetition).sorted { $0.key < $1.key }.map(
        \.value)
    } isEnough: { test, _ in
      goal?.isReached(by: RepetitionGoal.progress(processes: results[test].processWalls)) ?? true
    }
    for (test, result) in results.enumerated() where !result.repetitions.isEmpty {
      let verdict = open.contains(test) ? nil : goal
      try finished(result, verdict?.verdict(processes: result.processWalls, named: result.shape.name))
    }
  }
}
