import FoundationEssentials
import Machine
import Metering

/// What a campaign measures with, so that tests can put scripts in its place.
package struct Instruments: Sendable {
  package var timekeeper: any Timekeeper
  package var readRoof: @Sendable (_ threads: Int, _ machine: MachineDescription) -> Finding<ReadRoof>

  /// Opens a set of sensors, or throws why it cannot.
  package var openMeter: @Sendable (_ choice: SensorChoice, _ machine: MachineDescription) throws -> EnergyMeter

  /// What was fitted to this machine earlier, if anything was.
  package var calibration: @Sendable (_ machine: MachineDescription) throws -> CalibrationFile?

  package init(
    timekeeper: any Timekeeper,
    readRoof: @escaping @Sendable (_ threads: Int, _ machine: MachineDescription) -> Finding<ReadRoof>,
    openMeter: @escaping @Sendable (_ choice: SensorChoice, _ machine: MachineDescription) throws -> EnergyMeter = {
      try EnergyMeter($0, vendor: $1.vendor)
    },
    calibration: @escaping @Sendable (_ machine: MachineDescription) throws -> CalibrationFile? = { _ in nil }
  ) {
    self.timekeeper = timekeeper
    self.readRoof = readRoof
    self.openMeter = openMeter
    self.calibration = calibration
  }

  /// The system's clocks and the probe of read bandwidth.
  package static let system = Instruments(
    timekeeper: SystemTimekeeper(), readRoof: { ReadRoof.measure(threads: $0, on: $1) },
    calibration: { machine in
      try CalibrationFile.path(for: machine, environment: ProcessInfo.processInfo.environment).flatMap(
        CalibrationFile.read)
    })
}
