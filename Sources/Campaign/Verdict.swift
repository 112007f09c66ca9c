import Metering
import Records
import Statistics

/// Decides whether a run may be trusted.
///
/// Each limit is a disturbance that would move a median by some percent, and is far above what an idle machine shows.
/// Shares that rest on the scheduler's ticks of 10 ms need several ticks to say anything.
package enum Verdict {
  static let stealShare = 0.05
  static let othersShare = 0.10
  static let leastProcessorShare = 0.90
  static let throttledShare = 0.01
  static let switchesPerSecondAndThread = 100.0
  static let frequencyChange = 0.05
  static let memoryPressureShare = 0.01
  /// How far the read bandwidth may lie below the best of the same measurement.
  static let roofDrift = 0.10
  /// A drift is found where the halves of the steps differ by so much, and by chance with no more than this probability.
  static let drift = 0.10
  static let driftProbability = 0.05

  /// Shorter runs cannot be judged by their shares: looking takes up to a millisecond itself.
  static let shortestSeconds = 0.02
  static let fewestTickSeconds = 0.05
  static let fewestSteps = 8

  /// `readRoofs` are those of the measurement so far, in bytes per second.
  package static func judge(
    _ run: PhaseRun, threads: Int, processors: Int, readRoofs: [Double] = []
  ) -> [VerdictCode] {
    let observed = run.conditions
    let wall = observed.wall.value
    var codes: [VerdictCode] = []
    func find(_ code: VerdictCode, _ isFound: Bool) { if isFound { codes.append(code) } }
    func isTicks(_ share: Double?, above limit: Double) -> Bool {
      guard let share else { return false }
      return share > limit && share * wall * Double(processors) > fewestTickSeconds
    }

    find(.steal, isTicks(observed.stealShare.value, above: stealShare))
    find(.quotaThrottled, (observed.throttled.value?.value ?? 0) > throttledShare * wall)
    find(.othersBusy, isTicks(observed.othersShare.value, above: othersShare))
    find(.majorFaults, observed.usage.majorFaults > 0)
    if wall >= shortestSeconds {
      find(.memoryPressure, (observed.memoryPressure.value ?? 0) > memoryPressureShare)
      let switches = Double(observed.usage.involuntarySwitches)
      // One every 10 ms is a scheduler's tick that found somebody else to run.
      find(.contextSwitches, switches > 2 && switches / wall / Double(threads) > switchesPerSecondAndThread)
      find(.lowProcessorShare, (observed.processorShare.value ?? 1) < leastProcessorShare)
    }
    find(.notStationary, isDrifting(run))
    if let clock = observed.hertz.value, clock.before > 0 {
      find(.frequency, abs(clock.after / clock.before - 1) > frequencyChange)
    }
    if let last = readRoofs.last, let best = readRoofs.max() { find(.roofDrift, last < best * (1 - roofDrift)) }
    return codes
  }

  /// Whether the second half of the steps took longer or shorter than the first for each byte that they moved: a context
  /// that grows is not a drift.
  private static func isDrifting(_ run: PhaseRun) -> Bool {
    let bytes = run.costs.stepBytes
    guard run.shape.phase == .decode, run.steps.count >= fewestSteps, bytes.count == run.steps.count else {
      return false
    }
    let rates = zip(run.steps, bytes).map { step, bytes in step.wall.value / max(1, bytes) }
    guard let halves = (try? Sample(rates)).flatMap({ Stationarity($0) }) else { return false }
    return halves.probability < driftProbability && abs(halves.halvesRatio - 1) > drift
  }
}
