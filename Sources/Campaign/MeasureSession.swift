import KernelContract
import KernelTiming
import Machine
import Metering
import Model
import Quantities
import Records
import Statistics

/// One sitting of a measurement: loads, calibrates, and goes round the points until the budget is spent.
final class MeasureSession {
  let journal: MeasureJournal
  let machine: MachineDescription
  let energy: EnergyAccountant
  let instruments: Instruments
  let cancellation: Cancellation
  let workbench: Workbench
  private let maker: RecordMaker
  private let runners: Runners
  /// What the engine of each point needs, of all the points that memory has room for.
  private let needs: [MeasurePoint: EngineNeeds]
  /// A runner of single sequences: for sampling, which depends on no context, and to find out the speed.
  let single: PhaseRunner
  private var finished: Set<RunKey>
  /// The process among those that share the plan, which begins each round at another point.
  private let process: Int
  private let budget: Double
  /// Sleep between windows moves it.
  private(set) var deadline: Double
  private let begin: Double
  /// The window that runs are made in: of a process among several, its number.
  private var window: Int
  private let windows: Int
  private let aim: MeasureAim?
  /// The kind of run that this window is of; nil for all.
  private var kind: MeasureAim.Kind?
  private var estimate = SpeedEstimate(secondsPerPrefillFlop: 0, secondsPerDecodeByte: 0)
  /// What repetitions of a point took, with all that belongs to them.
  private var taken: [MeasurePoint: [Double]] = [:]
  var roofTime = -Double.infinity
  var roofs: [WindowRoofs] = []
  /// The probes of the kernels that prompts take.
  let peaks: [PeakProbe]

  /// What measuring the roof takes at most, for which the end of the budget is kept free.
  static let reserveSeconds = 1.0
  /// More of the budget than this is not spent on filling caches for batches.
  private static let mostFillShare = 0.15
  /// Enough for a window of some tens of milliseconds, below which energy cannot be told.
  private static let sampling = RunShape(phase: .sampling, generatedTokens: 4096)

  var plan: MeasurePlan { journal.plan }
  var now: Double { Double(instruments.timekeeper.nanoseconds()) / 1e9 }

  init(
    _ journal: MeasureJournal, source: any TensorSource, machine: MachineDescription, energy: EnergyAccountant,
    part: MeasurePart?, aim: MeasureAim?, instruments: Instruments, cancellation: Cancellation
  ) throws {
    self.journal = journal
    self.machine = machine
    self.energy = energy
    self.instruments = instruments
    self.cancellation = cancellation
    let plan = journal.plan
    let start = Double(instruments.timekeeper.nanoseconds()) / 1e9
    journal.report(.preparing(.load))
    try cancellation.check()
    workbench = try Workbench(plan.choice, source: source, settings: plan.settings, machine: machine)
    maker = RecordMaker(
      toolVersion: plan.toolVersion, machine: machine, energy: energy,
      // Too few repetitions for an interval of the median.
      isQuick: plan.repetitions * (plan.processes ?? 1) < Sample.countNeeded(probability: 0.5, level: 0.95),
      process: part?.process, session: plan.session)
    finished = Set(journal.records.map(\.key))
    process = part?.process ?? 0
    // What was measured before is paid for.
    budget = part?.seconds ?? max(0, plan.budgetSeconds - journal.secondsSpent)
    begin = start
    deadline = start + budget - Self.reserveSeconds
    // What goes on later is another window.
    window = part?.process ?? (journal.records.compactMap(\.window).max().map { $0 + 1 } ?? 0)
    let standardWindows = aim == nil ? MeasureRequest.standardWindows : MeasureAim.windows
    windows = part == nil ? max(window + 1, plan.windows ?? standardWindows) : window + 1
    self.aim = aim
    try Self.dropWhatDoesNotFit(journal, workbench)
    runners = Runners(
      workbench, seed: plan.seed, meter: energy.meter, cancellation: cancellation, timekeeper: instruments.timekeeper)
    let points = journal.plan.points
    needs = Dictionary(uniqueKeysWithValues: points.map { ($0, journal.plan.needs(of: $0)) })
    // The runner has the plan's own settings where any point has them.
    let isPlain = MeasurePoint(contextTokens: 0).sharesEngine
    guard let first = points.first(where: isPlain) ?? points.first(where: { !$0.isBatch }) ?? points.first else {
      throw CampaignError(.request, "the memory has no room for the cache of any context that was asked for")
    }
    single = try runners.runner(
      for: first.isBatch
        ? EngineNeeds(journal.plan.settings, contextLength: first.contextTokens + journal.plan.steps)
        : journal.plan.needs(of: first))
    peaks = Self.peaks(journal.plan, single)
  }

  func run() throws {
    try measureRoof()
    journal.report(.preparing(.calibration))
    estimate = try SpeedEstimate.probe(single, budgetSeconds: budget)
    try fillContexts()
    var windowEnd = now + (deadline - now) / Double(windows - window)
    var longest = 0.0
    var standing: MeasureAim.Standing?
    for repetition in firstRepetition..<plan.mostRepetitions {
      let pending = try plan.points.filter { try !missing($0, repetition).isEmpty }
      if pending.isEmpty && !isSamplingMissing(repetition) { continue }
      if longest > 0, now + longest > windowEnd, window + 1 < windows {
        let earlier = kind
        standing = judged()
        if standing?.isReached == true { break }
        // Rounds of another kind are of another length.
        if kind != earlier { longest = 0 }
        try beginNextWindow()
        windowEnd = now + (deadline - now) / Double(windows - window)
      }
      if repetition < plan.repetitions { try dropUnaffordable(pending, repetition) }
      if now - roofTime > Self.roofSeconds && deadline - now > Self.reserveSeconds { try measureRoof() }
      let start = now
      guard try goRound(repetition) else { break }
      longest = max(longest, now - start)
    }
    kind = nil
    if let aim { noteEnd(of: aim, judged() ?? standing) }
    try noteFewRepetitions()
    try measureRoof()
    noteRoofs()
  }

  /// Kinds of runs that were not chosen are missing in rounds of an earlier session, and are not made up for.
  private var firstRepetition: Int {
    aim == nil || window < MeasureAim.fewestWindows ? 0 : (journal.records.map(\.repetition).max() ?? -1) + 1
  }

  /// What the runs so far say of the figure that is asked for, and with it the kind of run for the next window.
  private func judged() -> MeasureAim.Standing? {
    guard let aim, window + 1 >= MeasureAim.fewestWindows else { return nil }
    let standing = aim.standing(journal.records)
    kind = standing.next(seconds: secondsOfKinds)
    return standing
  }

  /// What a round of each kind takes.
  private var secondsOfKinds: [MeasureAim.Kind: Double] {
    Dictionary(
      uniqueKeysWithValues: MeasureAim.Kind.allCases.map { kind in
        let runs = journal.records.filter { kind.has($0.shape) }
        let rounds = Set(runs.map(\.repetition)).count
        return (kind, runs.reduce(0) { $0 + $1.wall.value } / Double(max(1, rounds)))
      })
  }

  /// Sleeps until the next window begins, where windows are spread over a time.
  private func beginNextWindow() throws {
    window += 1
    guard let over = plan.overSeconds else { return }
    let start = now
    let due = begin + over * Double(window) / Double(windows)
    journal.report(.preparing(.nextWindow))
    while now < due {
      try cancellation.check()
      instruments.sleep(min(0.2, due - now))
    }
    deadline += now - start
    try measureRoof()
  }

  /// Fills the contexts of sequences that decode together, once for all repetitions.
  private func fillContexts() throws {
    for need in plan.points.filter(\.isBatch).compactMap({ needs[$0] }).distinct {
      let context = need.contextLength - plan.steps
      let fill = RunShape(phase: .prefill, promptTokens: max(1, context), sequences: need.sequences)
      guard estimate.seconds(fill, single.costs(of: fill)) <= Self.mostFillShare * (deadline - now) else {
        try journal.drop(
          plan.points.filter { needs[$0] == need }, because: "filling its contexts does not fit into the budget")
        continue
      }
      journal.report(.preparing(.fill))
      try runners.runner(for: need).fill(sequences: need.sequences, to: context)
    }
  }

  /// One repetition of sampling and of every point in shuffled order; false when the budget is at its end.
  private func goRound(_ repetition: Int) throws -> Bool {
    let order = plan.order(of: repetition, process: process)
    let isSampled = !isSamplingMissing(repetition)
    let round = try order.reduce(0) { $0 + (try price($1)) }
    let rounds = round > 0 ? (deadline - now) / round : .infinity
    let left = max(1, min(Double(plan.mostRepetitions - repetition), rounds.rounded(.down)))
    let perRound = order.reduce(1) { $0 + $1.shapes(steps: plan.steps).count }
    let pending = try order.reduce(isSampled ? 0 : 1) { $0 + (try missing($1, repetition)).count }
    var index = journal.records.count - journal.earlierCount
    let count = index + perRound * (Int(left) - 1) + pending
    func measure(_ shape: RunShape, on runner: PhaseRunner) throws {
      index += 1
      journal.report(
        .running(
          CampaignEvent.Progress(
            shape: shape, repetition: repetition, index: index, count: max(count, index),
            remaining: Seconds(max(0, min(deadline - now, round * left))))))
      // A roof is that of the plan's threads.
      let roofs = runner.settings.threads == plan.settings.threads ? roofs : []
      let record = maker.record(try runner.run(shape), of: runner, repetition: repetition, window: window, roofs: roofs)
      finished.insert(record.key)
      try journal.keep(record)
    }
    if !isSampled && kind != .prompts && (repetition == 0 || now < deadline) { try measure(Self.sampling, on: single) }
    for (place, point) in order.enumerated() {
      let shapes = try missing(point, repetition)
      if shapes.isEmpty { continue }
      let isLeast = repetition == 0 && place < MeasureBudget.leastPoints
      if !isLeast, now + (try price(point)) > deadline { return false }
      let start = now
      for shape in shapes { try measure(shape, on: runner(for: point)) }
      if shapes == point.shapes(steps: plan.steps) { taken[point, default: []].append(now - start) }
    }
    return true
  }

  private func runner(for point: MeasurePoint) throws -> PhaseRunner {
    guard let need = needs[point] else {
      throw CampaignError(.request, "\(point.name): is not in the plan with which the session began")
    }
    return try runners.runner(for: need)
  }

  /// What a repetition of a point takes: what it took so far, or what the probe foretells.
  func price(_ point: MeasurePoint) throws -> Double {
    if let taken = taken[point] { return taken.reduce(0, +) / Double(taken.count) }
    let runner = try runner(for: point)
    return point.shapes(steps: plan.steps).reduce(0) { $0 + estimate.seconds($1, runner.costs(of: $1)) }
  }

  func missing(_ point: MeasurePoint, _ repetition: Int) throws -> [RunShape] {
    let runner = try runner(for: point)
    return point.shapes(steps: plan.steps).filter { shape in
      kind.map { $0.has(shape) } ?? true && isMissing(shape, runner, repetition)
    }
  }

  /// The first of the tasks that share a measurement makes the runs of sampling.
  private func isSamplingMissing(_ repetition: Int) -> Bool {
    plan.task?.index ?? 1 == 1 && isMissing(Self.sampling, single, repetition)
  }

  private func isMissing(_ shape: RunShape, _ runner: PhaseRunner, _ repetition: Int) -> Bool {
    !finished.contains(maker.key(shape, of: runner, repetition: repetition))
  }
}
