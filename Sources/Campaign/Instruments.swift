import Machine
import Metering

/// What a campaign measures with, so that tests can put scripts in its place.
package struct Instruments: Sendable {
  package var timekeeper: any Timekeeper
  package var readRoof: @Sendable (_ threads: Int, _ machine: MachineDescription) -> Finding<ReadRoof>

  package init(
    timekeeper: any Timekeeper,
    readRoof: @escaping @Sendable (_ threads: Int, _ machine: MachineDescription) -> Finding<ReadRoof>
  ) {
    self.timekeeper = timekeeper
    self.readRoof = readRoof
  }

  /// The system's clocks and the probe of read bandwidth.
  package static let system = Instruments(
    timekeeper: SystemTimekeeper(), readRoof: { ReadRoof.measure(threads: $0, on: $1) })
}
