import CostCurves

/// The tasks of a workload under a strategy's levers, counted as work once.
struct CountedTasks: Sendable {
  /// Tasks that are tried alike.
  struct Group: Sendable {
    var success: Quantity
    var mostAttempts: Int
    var failedFactor: Quantity
    /// Of all tasks.
    var share: Double
    var work: UncertainWork
  }

  let groups: [Group]
  /// The same with answers of more words and of fewer, for what a word earns.
  let longer: [Group]
  let shorter: [Group]
  let reach: Reach
  /// Of tasks that lie outside of what was measured: their share, and the work of one attempt at each.
  let shareOutside: Double
  let workOutside: Work

  /// By how much answers are longer and shorter.
  private static let stretch = 1.1

  /// Without longer and shorter answers where nobody asks what a word earns.
  init(_ counter: TaskCounter, _ levers: Scenario.Levers, _ basis: WorkBasis, isStretched: Bool = true) {
    var reach = Reach()
    var beyond = (tasks: 0.0, work: Work())
    var ignored = Reach()
    groups = Self.groups(counter, levers) { attempt, share, isCentral, work in
      guard isCentral else {
        work = work + basis.work(of: attempt, reach: &ignored) * share
        return
      }
      reach.beginAttempt()
      let counted = basis.work(of: attempt, reach: &reach) * share
      if reach.isOutside {
        beyond.tasks += share
        beyond.work = beyond.work + counted
      }
      work = work + counted
    }
    func stretched(_ factor: Double) -> [Group] {
      Self.groups(counter, levers, stretch: factor) { attempt, share, _, work in
        work = work + basis.work(of: attempt, reach: &ignored) * share
      }
    }
    longer = isStretched ? stretched(Self.stretch) : []
    shorter = isStretched ? stretched(1 / Self.stretch) : []
    self.reach = reach
    (shareOutside, workOutside) = beyond
  }

  private static func groups(
    _ counter: TaskCounter, _ levers: Scenario.Levers, stretch: Double = 1,
    _ count: (_ attempt: Attempt, _ share: Double, _ isCentral: Bool, _ work: inout Work) -> Void
  ) -> [Group] {
    var exact = Work()
    var exactSuccesses = 0.0
    var groups: [Group] = []
    for (index, type) in counter.types.enumerated() {
      let inputs = counter.uncertainInputs(of: type, levers)
      let success = levers.success ?? type.success
      let isExact = inputs.isEmpty && success.isExact && type.failedFactor.isExact
      let work = UncertainWork(inputs: inputs) { overrides in
        var work = Work()
        counter.forEachAttempt(of: index, levers, stretch: stretch, overrides: overrides) { attempt, share in
          count(attempt, share * type.share.value, overrides.isEmpty, &work)
        }
        return work
      }
      if isExact {
        let attempts = Attempts(success: success.value, most: type.mostAttempts)
        exact = exact + work.base * (attempts.successShare + attempts.failedPerTask * type.failedFactor.value)
        exactSuccesses += type.share.value * attempts.successShare
      } else {
        groups.append(
          Group(
            success: success, mostAttempts: type.mostAttempts, failedFactor: type.failedFactor,
            share: type.share.value, work: work))
      }
    }
    if exactSuccesses > 0 {
      // Many types that nothing moves are one: all of it succeeds, with the failures that it took in its work.
      groups.append(
        Group(
          success: Quantity(1), mostAttempts: 1, failedFactor: Quantity(1), share: exactSuccesses,
          work: UncertainWork(inputs: []) { _ in exact }))
    }
    return groups
  }
}
