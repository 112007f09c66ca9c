import KernelContract
import Machine
import Metering

/// What a campaign measures with, so that tests can put scripts in its place.
package struct Instruments: Sendable {
  package typealias Roofs =
    @Sendable (_ threads: Int, _ peaks: [PeakProbe], _ machine: MachineDescription) -> Finding<WindowRoofs>

  package var timekeeper: any Timekeeper
  package var roofs: Roofs

  package init(
    timekeeper: any Timekeeper,
    roofs: @escaping Roofs
  ) {
    self.timekeeper = timekeeper
    self.roofs = roofs
  }

  /// The system's clocks, and probes of what the machine reaches.
  package static let system = Instruments(
    timekeeper: SystemTimekeeper(), roofs: { WindowRoofs.measure(threads: $0, peaks: $1, on: $2) })
}
