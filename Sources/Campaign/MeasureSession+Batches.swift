import Engine
import Records

/// Sequences that decode together, on an engine of their own.
extension MeasureSession {
  /// More of the budget than this is not spent on filling caches for batches.
  static let mostFillShare = 0.15

  /// An engine for the sequences that decode together, their contexts filled once for all repetitions.
  func prepareBatches() throws {
    let points = plan.points.filter(\.isBatch)
    guard let context = points.map(\.contextTokens).max(), let sequences = points.map(\.sequences).max() else { return }
    let fill = RunShape(phase: .prefill, promptTokens: max(1, context), sequences: sequences)
    let seconds = estimate.seconds(fill, PhaseCosts(fill, on: single.engine, batch: settings.batch))
    guard seconds <= Self.mostFillShare * (deadline - now) else {
      return try campaign.drop(points, because: "filling its contexts does not fit into the budget")
    }
    batches = try makeBatchRunner(context: context, sequences: sequences)
  }

  func makeBatchRunner(context: Int, sequences: Int) throws -> PhaseRunner {
    campaign.report(.preparing(.fill))
    let engine = try workbench.engine(settings, contextLength: context + plan.steps, sequences: sequences)
    let runner = Self.runner(campaign, engine)
    try runner.fill(sequences: sequences, to: context)
    return runner
  }

  func runner(for point: MeasurePoint) throws -> PhaseRunner {
    guard point.isBatch else { return single }
    if let batches { return batches }
    throw CampaignError(.request, "\(point.name): nothing was prepared for sequences that decode together")
  }

  static func runner(_ campaign: MeasureCampaign, _ engine: Engine) -> PhaseRunner {
    PhaseRunner(
      engine, batch: campaign.plan.settings.batch,
      supply: .seeded(campaign.plan.seed, vocabulary: engine.description.vocabularySize),
      cancellation: campaign.cancellation, processors: campaign.machine.processorList,
      timekeeper: campaign.instruments.timekeeper, meter: campaign.energy.meter)
  }
}
