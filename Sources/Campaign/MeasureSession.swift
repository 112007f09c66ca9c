import Engine
import KernelContract
import Kernels
import Metering
import Quantities
import Records
import Statistics

/// One sitting of a measurement: loads, calibrates, and goes round the points until the budget is spent.
final class MeasureSession {
  private let campaign: MeasureCampaign
  private let workbench: Workbench
  private let maker: RecordMaker
  private let single: PhaseRunner
  private var batches: PhaseRunner?
  private var finished: Set<RunKey>
  private let deadline: Double
  private var estimate = SpeedEstimate(secondsPerPrefillFlop: 0, secondsPerDecodeByte: 0)
  /// What repetitions of a point took, with all that belongs to them.
  private var taken: [MeasurePoint: [Double]] = [:]
  private var roofTime = -Double.infinity

  private(set) var records: [RunRecord] = []
  private(set) var roofs: [WindowRoofs] = []
  /// Of the kernels that prompts take.
  private let peaks: [PeakProbe]

  /// The roof is measured again when the last one is older than this.
  private static let roofSeconds = 10.0
  /// What measuring the roof takes at most, for which the end of the budget is kept free.
  private static let reserveSeconds = 1.0
  /// More of the budget than this is not spent on filling caches for batches.
  private static let mostFillShare = 0.15

  private var plan: MeasurePlan { campaign.plan }
  private var settings: EngineSettings { campaign.plan.settings }
  private var now: Double { Double(campaign.instruments.timekeeper.nanoseconds()) / 1e9 }

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
      isQuick: plan.repetitions < Sample.countNeeded(probability: 0.5, level: 0.95))
    finished = Set(campaign.files.earlier.map(\.key))
    // What was measured before is paid for.
    let spent = campaign.files.earlier.reduce(0) { $0 + $1.wall.value }
    deadline = start + max(0, plan.budgetSeconds - spent) - Self.reserveSeconds
    try Self.dropWhatDoesNotFit(campaign, workbench)
    let longest = campaign.plan.points.filter { !$0.isBatch }.map(\.contextTokens).max() ?? 0
    single = Self.runner(
      campaign, try workbench.engine(plan.settings, contextLength: longest + plan.steps))
    peaks = Self.peaks(campaign.plan, single.engine)
  }

  func run() throws {
    try measureRoof()
    campaign.report(.preparing(.calibration))
    estimate = try SpeedEstimate.probe(single, budgetSeconds: plan.budgetSeconds)
    try prepareBatches()
    for repetition in 0..<plan.mostRepetitions {
      let pending = plan.points.filter { !missing($0, repetition).isEmpty }
      if pending.isEmpty { continue }
      if repetition < plan.repetitions { try dropWhatIsTooDear(pending, repetition) }
      if now - roofTime > Self.roofSeconds && deadline - now > Self.reserveSeconds { try measureRoof() }
      guard try goRound(repetition) else { break }
    }
    noteFewRepetitions()
    try measureRoof()
    noteRoofs()
  }

  // MARK: - Rounds

  /// One repetition of every point in shuffled order; false when the budget is at its end.
  private func goRound(_ repetition: Int) throws -> Bool {
    let order = plan.order(of: repetition)
    let round = order.reduce(0) { $0 + price($1) }
    let rounds = round > 0 ? (deadline - now) / round : .infinity
    let left = max(1, min(Double(plan.mostRepetitions - repetition), rounds.rounded(.down)))
    let perRound = order.reduce(0) { $0 + $1.shapes(steps: plan.steps).count }
    let skipped = order.reduce(0) { $0 + $1.shapes(steps: plan.steps).count - missing($1, repetition).count }
    let count = records.count + perRound * Int(left) - skipped
    for (index, point) in order.enumerated() {
      let shapes = missing(point, repetition)
      if shapes.isEmpty { continue }
      let isLeast = repetition == 0 && index < MeasureBudget.leastPoints
      if !isLeast && now + price(point) > deadline { return false }
      let start = now
      for shape in shapes {
        campaign.report(
          .running(
            CampaignEvent.Progress(
              shape: shape, repetition: repetition, index: records.count + 1, count: max(count, records.count + 1),
              remaining: Seconds(max(0, min(deadline - now, round * left))))))
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
    let record = maker.record(
      run, settings: settings, engine: runner.engine, repetition: repetition, roofs: roofs)
    try campaign.files.writer.append(record)
    records.append(record)
    finished.insert(record.key)
    campaign.report(.finished(record))
  }

  private func missing(_ point: MeasurePoint, _ repetition: Int) -> [RunShape] {
    point.shapes(steps: plan.steps).filter {
      !finished.contains(maker.key($0, settings: settings, engine: single.engine, repetition: repetition))
    }
  }

  // MARK: - Budget

  /// What a repetition of a point takes: what it took so far, or what the probe foretells.
  private func price(_ point: MeasurePoint) -> Double {
    if let taken = taken[point] { return taken.reduce(0, +) / Double(taken.count) }
    return point.shapes(steps: plan.steps).reduce(0) { sum, shape in
      sum + estimate.seconds(shape, PhaseCosts(shape, on: single.engine, batch: settings.batch))
    }
  }

  private func dropWhatIsTooDear(_ pending: [MeasurePoint], _ repetition: Int) throws {
    let kept = MeasureBudget.affordable(
      pending.map { MeasureBudget.Price(point: $0, seconds: price($0)) }, seconds: deadline - now,
      rounds: plan.repetitions - repetition, isFirst: repetition == 0)
    try campaign.drop(
      pending.filter { !kept.contains($0) },
      because: "\(plan.repetitions) repetitions would not fit into --budget \(plan.budgetSeconds.plain)")
  }

  private static func dropWhatDoesNotFit(_ campaign: MeasureCampaign, _ workbench: Workbench) throws {
    let plan = campaign.plan
    let single = try workbench.longestContext(plan.settings, sequences: 1) ?? .max
    let together = plan.points.map(\.sequences).max() ?? 1
    let each = try workbench.longestContext(plan.settings, sequences: together) ?? .max
    try campaign.drop(
      plan.points.filter { $0.contextTokens + plan.steps > ($0.isBatch ? each : single) },
      because: "the memory has no room for its cache")
    if !campaign.plan.points.contains(where: { !$0.isBatch }) {
      throw CampaignError(.request, "the memory has no room for the cache of any context that was asked for")
    }
  }

  // MARK: - Batches

  /// An engine for the sequences that decode together, their contexts filled once for all repetitions.
  private func prepareBatches() throws {
    let points = plan.points.filter(\.isBatch)
    guard let context = points.map(\.contextTokens).max(), let sequences = points.map(\.sequences).max() else { return }
    let fill = RunShape(phase: .prefill, promptTokens: max(1, context), sequences: sequences)
    let seconds = estimate.seconds(fill, PhaseCosts(fill, on: single.engine, batch: settings.batch))
    guard seconds <= Self.mostFillShare * (deadline - now) else {
      return try campaign.drop(points, because: "filling its contexts does not fit into the budget")
    }
    batches = try makeBatchRunner(context: context, sequences: sequences)
  }

  private func makeBatchRunner(context: Int, sequences: Int) throws -> PhaseRunner {
    campaign.report(.preparing(.fill))
    let engine = try workbench.engine(settings, contextLength: context + plan.steps, sequences: sequences)
    let runner = Self.runner(campaign, engine)
    try runner.fill(sequences: sequences, to: context)
    return runner
  }

  private func runner(for point: MeasurePoint) throws -> PhaseRunner {
    guard point.isBatch else { return single }
    if let batches { return batches }
    throw CampaignError(.request, "\(point.name): nothing was prepared for sequences that decode together")
  }

  private static func runner(_ campaign: MeasureCampaign, _ engine: Engine) -> PhaseRunner {
    PhaseRunner(
      engine, batch: campaign.plan.settings.batch,
      supply: .seeded(campaign.plan.seed, vocabulary: engine.description.vocabularySize),
      cancellation: campaign.cancellation, processors: campaign.machine.processorList,
      timekeeper: campaign.instruments.timekeeper, meter: campaign.energy.meter)
  }

  // MARK: - The roof

  private func measureRoof() throws {
    try campaign.cancellation.check()
    campaign.report(.preparing(.roofs))
    campaign.energy.lookAtIdle()
    let roof = try workbench.unbound(during: settings) {
      campaign.instruments.roofs(settings.threads, peaks, campaign.machine)
    }
    roofTime = now
    if let value = roof.value {
      roofs.append(value)
    } else if roofs.isEmpty && !campaign.warnings.contains(where: { $0.code == "no-roofs" }) {
      campaign.note(
        Warning(
          code: "no-roofs", message: "what the machine can reach is not known: \(roof.reason ?? "no reason given")"))
    }
  }

  private static func peaks(_ plan: MeasurePlan, _ engine: Engine) -> [PeakProbe] {
    let prompts = plan.points.flatMap { $0.shapes(steps: plan.steps) }.filter { $0.phase == .prefill }
    let kernels = prompts.flatMap { PhaseCosts($0, on: engine, batch: plan.settings.batch).kernels }
    return KernelList.peaks(of: Array(Set(kernels)))
  }

  private func noteRoofs() {
    let rates = roofs.map(\.readBytesPerSecond)
    guard let low = rates.min(), let high = rates.max(), low < high * (1 - Verdict.roofDrift) else { return }
    campaign.note(
      Warning(
        code: "roof-drift",
        message: "the read bandwidth lay between \(low.gigabytes) and \(high.gigabytes) GB/s during the measurement: "
          + "the machine was not quiet"))
  }

  private func noteFewRepetitions() {
    let few = plan.points.filter { !missing($0, plan.repetitions - 1).isEmpty }
    guard !few.isEmpty else { return }
    campaign.note(
      Warning(
        code: "few-repetitions",
        message: "\(few.map(\.name).joined(separator: ", ")): fewer than \(plan.repetitions) repetitions fit into the "
          + "budget; ask for a longer --budget"))
  }
}

extension Double {
  /// Without a fraction where there is none.
  fileprivate var plain: String { self == rounded() && magnitude < 1e9 ? "\(Int(self))" : "\(self)" }

  fileprivate var gigabytes: String { "\((self / 1e8).rounded() / 10)" }
}
