/// Reasons for which a run should not be trusted, and what a person can do about each.
///
/// A record holds the code, so that a reader of another version still sees a word it does not know.
package enum VerdictCode: String, Sendable, Hashable, CaseIterable {
  case steal
  case quotaThrottled = "quota_throttled"
  case othersBusy = "others_busy"
  case majorFaults = "major_faults"
  case contextSwitches = "context_switches"
  case lowProcessorShare = "low_processor_share"
  case notStationary = "not_stationary"
  case frequency
  case roofDrift = "roof_drift"
  case warmUp = "warm_up"
  case memoryPressure = "memory_pressure"

  /// What was found, in a few words.
  package var finding: String {
    switch self {
    case .steal: "the hypervisor gave processor time to others"
    case .quotaThrottled: "the processor quota of this container ran out"
    case .othersBusy: "other processes used the processors"
    case .majorFaults: "pages were read from disk while timing"
    case .contextSwitches: "the threads were interrupted often"
    case .lowProcessorShare: "the threads did not run all the time"
    case .notStationary: "the time of a step drifted during the run"
    case .frequency: "the clock frequency changed"
    case .roofDrift: "memory could be read more slowly than at other times of the measurement"
    case .warmUp: "later repetitions were faster: it belongs to the warm-up"
    case .memoryPressure: "processes waited for memory"
    }
  }

  package var remedy: String {
    switch self {
    case .steal, .roofDrift: "repeat at a quieter time, or on a dedicated host"
    case .quotaThrottled: "raise the quota, or use fewer --threads"
    case .majorFaults, .memoryPressure: "free memory, or choose a smaller model"
    case .othersBusy, .contextSwitches, .lowProcessorShare: "stop other work, or use fewer --threads"
    case .notStationary: "repeat, with a longer warm-up"
    case .warmUp: "go by the later runs"
    case .frequency: "fix the frequency governor"
    }
  }
}
