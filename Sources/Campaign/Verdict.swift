import Metering
import Records
import Statistics

/// Decides whether a run may be trusted.
package enum Verdict {
  /// A drift is found where the halves of the steps differ by more than this share, and where chance would make them differ
  /// with less than this probability.
  static let drift = 0.10
  static let driftProbability = 0.02
  static let fewestSteps = 10

  /// `transient` is how many of the first steps belong to the transient. What takes more than one run to tell, such as memory
  /// that was slower than at other times, is judged of all runs together, when they are read.
  package static func judge(_ run: PhaseRun, transient: Int, threads: Int, processors: Int) -> [VerdictCode] {
    var codes = run.conditions.disturbances(threads: threads, processors: processors).compactMap {
      VerdictCode(rawValue: $0.rawValue)
    }
    if isDrifting(run, transient) { codes.append(.notStationary) }
    return codes
  }

  /// Whether the second half of the steady steps took longer or shorter than the first for each byte that they moved: a context
  /// that grows is not a drift.
  private static func isDrifting(_ run: PhaseRun, _ transient: Int) -> Bool {
    let bytes = run.costs.stepBytes
    guard run.shape.phase == .decode, run.steps.count - transient >= fewestSteps, bytes.count == run.steps.count else {
      return false
    }
    let rates = zip(run.steps, bytes).dropFirst(transient).map { step, bytes in step.wall.value / max(1, bytes) }
    guard let halves = (try? Sample(rates)).flatMap({ Stationarity($0) }) else { return false }
    return halves.probability < driftProbability && abs(halves.halvesRatio - 1) > drift
  }
}
