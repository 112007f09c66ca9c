import Machine

/// What kept a piece of work from running undisturbed, under the names that a record's verdict has for it.
///
/// Each limit is a disturbance that would move a median by some percent, and is far above what an idle machine shows.
/// Shares that rest on the scheduler's ticks of 10 ms need several ticks to say anything.
package enum Disturbance: String, Sendable, CaseIterable {
  case steal
  case quotaThrottled = "quota_throttled"
  case othersBusy = "others_busy"
  case majorFaults = "major_faults"
  case memoryPressure = "memory_pressure"
  case contextSwitches = "context_switches"
  case lowProcessorShare = "low_processor_share"
  case frequency

  package static let othersShare = 0.10
  fileprivate static let stealShare = 0.05
  fileprivate static let leastProcessorShare = 0.90
  fileprivate static let throttledShare = 0.01
  fileprivate static let switchesPerSecondAndThread = 100.0
  fileprivate static let frequencyChange = 0.05
  fileprivate static let memoryPressureShare = 0.01

  /// Shorter work cannot be judged by its shares: looking takes up to a millisecond itself.
  fileprivate static let shortestSeconds = 0.02
  fileprivate static let fewestTickSeconds = 0.05
}

extension ObservedConditions {
  /// What disturbed the work of `threads` threads on a machine of `processors` processors. What is not known disturbs nothing.
  package func disturbances(threads: Int, processors: Int) -> [Disturbance] {
    let wall = wall.value
    var found: [Disturbance] = []
    func find(_ disturbance: Disturbance, _ isFound: Bool) { if isFound { found.append(disturbance) } }
    func isTicks(_ share: Double?, above limit: Double) -> Bool {
      guard let share else { return false }
      return share > limit && share * wall * Double(processors) > Disturbance.fewestTickSeconds
    }

    find(.steal, isTicks(stealShare.value, above: Disturbance.stealShare))
    find(.quotaThrottled, (throttled.value?.value ?? 0) > Disturbance.throttledShare * wall)
    find(.othersBusy, isTicks(othersShare.value, above: Disturbance.othersShare))
    find(.majorFaults, usage.majorFaults > 0)
    if wall >= Disturbance.shortestSeconds {
      find(.memoryPressure, (memoryPressure.value ?? 0) > Disturbance.memoryPressureShare)
      let switches = Double(usage.involuntarySwitches)
      // One every 10 ms is a scheduler's tick that found somebody else to run.
      find(
        .contextSwitches,
        switches > 2 && switches / wall / Double(threads) > Disturbance.switchesPerSecondAndThread)
      find(.lowProcessorShare, (processorShare.value ?? 1) < Disturbance.leastProcessorShare)
    }
    if let clock = hertz.value, clock.before > 0 {
      find(.frequency, abs(clock.after / clock.before - 1) > Disturbance.frequencyChange)
    }
    return found
  }
}
