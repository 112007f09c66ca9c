import Engine
import KernelContract
import KernelTiming
import Metering
import Quantities
import Records
import Statistics

/// One sitting of a measurement: loads, calibrates, and goes round the points until the budget is spent.
final class MeasureSession {
  let campaign: MeasureCampaign
  let workbench: Workbench
  private let maker: RecordMaker
  let single: PhaseRunner
  var batches: PhaseRunner?
  private var finished: Set<RunKey>
  let budget: Double
  let deadline: Double
  var estimate = SpeedEstimate(secondsPerPrefillFlop: 0, secondsPerDecodeByte: 0)
  /// What repetitions of a point took, with all that belongs to them.
  var taken: [MeasurePoint: [Double]] = [:]
  var roofTime = -Double.infinity

  private(set) var records: [RunRecord] = []
  var roofs: [WindowRoofs] = []
  /// Of the kernels that prompts take.
  let peaks: [PeakProbe]

  /// What measuring the roof takes at most, for which the end of the budget is kept free.
  static let reserveSeconds = 1.0

  var plan: MeasurePlan { campaign.plan }
  var settings: EngineSettings { campaign.plan.settings }
  var now: Double { Double(campaign.instruments.timekeeper.nanoseconds()) / 1e9 }

  init(_ campaign: MeasureCampaign) throws {
    self.campaign = campaign
    let plan = campaign.plan
    let start = Double(campaign.instruments.timekeeper.nanoseconds()) / 1e9
    campaign.report(.preparing(.load))
    try campaign.cancellation.check()
    workbench = try Workbench(
      plan.choice, source: campaign.source, settings: plan.settings, machine: campaign.machine)
    maker = RecordMaker(
      toolVersion: plan.toolVersion, machine: campaign.machine, model: plan.model, energy: campaign.energy,
      // Too few repetitions for an interval of the median.
      isQuick: plan.repetitions * (plan.processes ?? 1) < Sample.countNeeded(probability: 0.5, level: 0.95),
      process: campaign.part?.process)
    finished = Set(campaign.files.earlier.map(\.key))
    // What was measured before is paid for.
    let spent = campaign.files.earlier.reduce(0) { $0 + $1.wall.value }
    budget = campaign.part?.seconds ?? max(0, plan.budgetSeconds - spent)
    deadline = start + budget - Self.reserveSeconds
    try Self.dropWhatDoesNotFit(campaign, workbench)
    let longest = campaign.plan.points.filter { !$0.isBatch }.map(\.contextTokens).max() ?? 0
    single = Self.runner(
      campaign, try workbench.engine(plan.settings, contextLength: longest + plan.steps))
    peaks = Self.peaks(campaign.plan, single.engine)
  }

  func run() throws {
    try measureRoof()
    campaign.report(.preparing(.calibration))
    estimate = try SpeedEstimate.probe(single, budgetSeconds: budget)
    try prepareBatches()
    for repetition in 0..<plan.mostRepetitions {
      let pending = plan.points.filter { !missing($0, repetition).isEmpty }
      if pending.isEmpty && !isSamplingMissing(repetition) { continue }
      if repetition < plan.repetitions { try dropWhatIsTooDear(pending, repetition) }
      if now - roofTime > Self.roofSeconds && deadline - now > Self.reserveSeconds { try measureRoof() }
      guard try goRound(repetition) else { break }
    }
    noteFewRepetitions()
    try measureRoof()
    noteRoofs()
  }

  /// One repetition of sampling and of every point in shuffled order; false when the budget is at its end.
  private func goRound(_ repetition: Int) throws -> Bool {
    let order = plan.order(of: repetition, process: campaign.part?.process ?? 0)
    let round = order.reduce(0) { $0 + price($1) }
    let rounds = round > 0 ? (deadline - now) / round : .infinity
    let left = max(1, min(Double(plan.mostRepetitions - repetition), rounds.rounded(.down)))
    let perRound = order.reduce(1) { $0 + $1.shapes(steps: plan.steps).count }
    let pending = order.reduce(isSamplingMissing(repetition) ? 1 : 0) { $0 + missing($1, repetition).count }
    let count = records.count + perRound * (Int(left) - 1) + pending
    func announce(_ shape: RunShape) {
      campaign.report(
        .running(
          CampaignEvent.Progress(
            shape: shape, repetition: repetition, index: records.count + 1, count: max(count, records.count + 1),
            remaining: Seconds(max(0, min(deadline - now, round * left))))))
    }
    try measureSampling(repetition, announce)
    for (index, point) in order.enumerated() {
      let shapes = missing(point, repetition)
      if shapes.isEmpty { continue }
      let isLeast = repetition == 0 && index < MeasureBudget.leastPoints
      if !isLeast && now + price(point) > deadline { return false }
      let start = now
      for shape in shapes {
        announce(shape)
        try measure(shape, of: point, repetition)
      }
      if shapes == point.shapes(steps: plan.steps) { taken[point, default: []].append(now - start) }
    }
    return true
  }

  private func measure(_ shape: RunShape, of point: MeasurePoint, _ repetition: Int) throws {
    let runner = try runner(for: point)
    let run =
      shape.phase == .prefill
      ? try runner.prefill(shape.promptTokens, depth: shape.contextTokens)
      : try runner.decode(shape.generatedTokens, sequences: shape.sequences, depth: shape.contextTokens)
    try keep(run, of: runner, repetition)
  }

  func keep(_ run: PhaseRun, of runner: PhaseRunner, _ repetition: Int) throws {
    let record = maker.record(
      run, settings: settings, engine: runner.engine, repetition: repetition, roofs: roofs)
    try campaign.files.append(record)
    records.append(record)
    finished.insert(record.key)
    campaign.report(.finished(record))
  }

  func missing(_ point: MeasurePoint, _ repetition: Int) -> [RunShape] {
    point.shapes(steps: plan.steps).filter { isMissing($0, repetition) }
  }

  func isMissing(_ shape: RunShape, _ repetition: Int) -> Bool {
    !finished.contains(maker.key(shape, settings: settings, engine: single.engine, repetition: repetition))
  }
}
