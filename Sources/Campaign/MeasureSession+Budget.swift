import Engine
import Records
import Statistics

/// What fits into the time, and what is left out because it does not.
extension MeasureSession {
  /// What a repetition of a point takes: what it took so far, or what the probe foretells.
  func price(_ point: MeasurePoint) -> Double {
    if let taken = taken[point] { return taken.reduce(0, +) / Double(taken.count) }
    return point.shapes(steps: plan.steps).reduce(0) { sum, shape in
      sum + estimate.seconds(shape, PhaseCosts(shape, on: single.engine, batch: settings.batch))
    }
  }

  func dropWhatIsTooDear(_ pending: [MeasurePoint], _ repetition: Int) throws {
    let kept = MeasureBudget.affordable(
      pending.map { MeasureBudget.Price(point: $0, seconds: price($0)) }, seconds: deadline - now,
      rounds: plan.repetitions - repetition, isFirst: repetition == 0)
    try campaign.drop(
      pending.filter { !kept.contains($0) },
      because: "\(plan.repetitions) repetitions would not fit into --budget \(plan.budgetSeconds.plain)\(share)")
  }

  /// What to add to the budget where this process is not alone.
  private var share: String { plan.processes.map { ", of which each of \($0) processes has its share" } ?? "" }

  static func dropWhatDoesNotFit(_ campaign: MeasureCampaign, _ workbench: Workbench) throws {
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

  func noteFewRepetitions() {
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
}
