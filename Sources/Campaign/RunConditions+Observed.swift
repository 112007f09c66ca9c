import Machine
import Metering
import Records

extension RunConditions {
  /// What was observed during a run, as records keep it.
  init(_ observed: ObservedConditions) {
    self.init(absent: "not observed")
    stealShare = observed.stealShare
    othersShare = observed.othersShare
    processorShare = observed.processorShare
    processorPressureShare = observed.processorPressure
    memoryPressureShare = observed.memoryPressure
    throttledSeconds = observed.throttled
    clockBeforeHertz = observed.hertz.map(\.before)
    clockAfterHertz = observed.hertz.map(\.after)
    voluntarySwitches = .found(observed.usage.voluntarySwitches)
    involuntarySwitches = .found(observed.usage.involuntarySwitches)
    minorFaults = .found(observed.usage.minorFaults)
    majorFaults = .found(observed.usage.majorFaults)
  }
}
