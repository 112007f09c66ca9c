import Glibc
import KernelContract
import KernelTiming
import Machine
import Metering
import Records

/// What a campaign measures with, so that tests can put scripts in its place.
package struct Instruments: Sendable {
  package typealias Roofs =
    @Sendable (_ threads: Int, _ peaks: [PeakProbe], _ machine: MachineDescription) -> Finding<WindowRoofs>

  package var timekeeper: any Timekeeper
  /// Lets the calling thread sleep, for a second at most.
  package var sleep: @Sendable (_ seconds: Double) -> Void = { usleep(UInt32(max(0, min($0, 1)) * 1e6)) }
  package var roofs: Roofs

  /// Opens a set of sensors, or throws why it cannot.
  package var openMeter: @Sendable (_ choice: SensorChoice, _ machine: MachineDescription) throws -> EnergyMeter

  /// What was fitted to this machine earlier, if anything was.
  package var calibration: @Sendable (_ machine: MachineDescription) throws -> CalibrationFile?

  package init(
    timekeeper: any Timekeeper,
    roofs: @escaping Roofs,
    openMeter: @escaping @Sendable (_ choice: SensorChoice, _ machine: MachineDescription) throws -> EnergyMeter = {
      try EnergyMeter($0, vendor: $1.vendor)
    },
    calibration: @escaping @Sendable (_ machine: MachineDescription) throws -> CalibrationFile? = { _ in nil }
  ) {
    self.timekeeper = timekeeper
    self.roofs = roofs
    self.openMeter = openMeter
    self.calibration = calibration
  }

  /// The system's clocks, and probes of what the machine reaches.
  package static let system = Instruments(
    timekeeper: SystemTimekeeper(), roofs: { WindowRoofs.measure(threads: $0, peaks: $1, on: $2) },
    calibration: { try CalibrationFile.load(from: MachineFiles(fingerprint: $0.fingerprint)) })
}
