import Statistics

/// What fits into the time and the memory, and what is left out because it does not.
extension MeasureSession {
  func dropUnaffordable(_ pending: [MeasurePoint], _ repetition: Int) throws {
    let kept = MeasureBudget.affordable(
      try pending.map { ($0, try price($0)) }, seconds: deadline - now,
      rounds: plan.repetitions - repetition, isFirst: repetition == 0)
    try journal.drop(
      pending.filter { !kept.contains($0) },
      because: "\(plan.repetitions) repetitions would not fit into --budget \(plan.budgetSeconds.plain)\(share)")
  }

  /// What to add to the budget where this process is not alone.
  private var share: String { plan.processes.map { ", of which each of \($0) processes has its share" } ?? "" }

  static func dropWhatDoesNotFit(_ journal: MeasureJournal, _ workbench: Workbench) throws {
    let plan = journal.plan
    try journal.drop(
      try plan.points.filter { point in
        let sequences = plan.needs(of: point).sequences
        let longest = try workbench.longestContext(plan.settings(of: point), sequences: sequences) ?? .max
        return point.length + plan.steps > longest
      }, because: "the memory has no room for its cache")
  }

  /// How well the figure that was asked for is known, and what ended it.
  func noteEnd(of aim: MeasureAim, _ standing: MeasureAim.Standing?) {
    let found =
      standing?.halfWidth.map { "it is known to ± \(($0 * 1000).rounded() / 10) % of these minutes" }
      ?? "it has no interval yet that can be believed: that takes \(MeasureAim.fewestWindows) windows that do not "
      + "resemble their neighbours"
    journal.note(
      standing?.isReached == true
        ? Warning(code: "goal-reached", message: "--until \(aim.text): \(found)")
        : Warning(
          code: "goal-missed",
          message: "--until \(aim.text): \(found), and the budget is spent; give it a longer --budget"))
  }

  func noteFewRepetitions() throws {
    let few = try plan.points.filter { try !missing($0, plan.repetitions - 1).isEmpty }
    guard !few.isEmpty else { return }
    journal.note(
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
