import Metering
import Records
import Statistics

/// Decides whether a run may be trusted.
package enum Verdict {
  /// How far the read bandwidth may lie below the best of the same measurement.
  static let roofDrift = 0.10
  /// A drift is found where the halves of the steps differ by more than this share, and where chance would make them differ
  /// with less than this probability.
  static let drift = 0.10
  static let driftProbability = 0.05
  static let fewestSteps = 8

  /// `readRoofs` are those of the measurement so far, in bytes per second.
  package static func judge(
    _ run: PhaseRun, threads: Int, processors: Int, readRoofs: [Double] = []
  ) -> [VerdictCode] {
    var codes = run.conditions.disturbances(threads: threads, processors: processors).compactMap {
      VerdictCode(rawValue: $0.rawValue)
    }
    if isDrifting(run) { codes.append(.notStationary) }
    if let last = readRoofs.last, let best = readRoofs.max(), last < best * (1 - roofDrift) { codes.append(.roofDrift) }
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
