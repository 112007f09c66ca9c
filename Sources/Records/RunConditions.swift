import Machine
import Quantities

/// What else happened on the machine during a run. What could not be read stands as `{"absent": "why"}`.
package struct RunConditions: Codable, Sendable, Equatable {
  /// Time that the hypervisor gave to other machines, as a share of the processors' time.
  package var stealShare: Finding<Double>
  /// Time that other processes and the kernel took, as a share of the processors' time.
  package var othersShare: Finding<Double>
  /// Processor time of this process over wall time and threads.
  package var processorShare: Finding<Double>
  /// Share of the wall time in which some task of the system waited for a processor, or for memory.
  package var processorPressureShare: Finding<Double>
  package var memoryPressureShare: Finding<Double>
  /// Time in which a quota held the process back.
  package var throttledSeconds: Finding<Seconds>
  /// The processors' clock before the run and after it.
  package var clockBeforeHertz: Finding<Double>
  package var clockAfterHertz: Finding<Double>
  package var voluntarySwitches: Finding<Int>
  package var involuntarySwitches: Finding<Int>
  package var minorFaults: Finding<Int>
  package var majorFaults: Finding<Int>

  /// Nothing observed; the caller fills in what was.
  package init(absent reason: String) {
    stealShare = .absent(reason)
    othersShare = .absent(reason)
    processorShare = .absent(reason)
    processorPressureShare = .absent(reason)
    memoryPressureShare = .absent(reason)
    throttledSeconds = .absent(reason)
    clockBeforeHertz = .absent(reason)
    clockAfterHertz = .absent(reason)
    voluntarySwitches = .absent(reason)
    involuntarySwitches = .absent(reason)
    minorFaults = .absent(reason)
    majorFaults = .absent(reason)
  }
}
