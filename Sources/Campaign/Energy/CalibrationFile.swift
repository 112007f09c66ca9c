import EnergyModel
import Machine
import Records

/// A calibration as it is kept for the machine that it was made on.
package struct CalibrationFile: Codable, Sendable {
  private static let schemaName = "inferometer.energy-calibration"
  private static let schemaVersion = 1

  private var schema = schemaName
  private var schemaVersion = schemaVersion
  package var toolVersion: String
  package var time: String
  package var machineFingerprint: String
  package var kernelRelease: String?
  package var boundary: RunEnergy.Boundary
  package var sensors: [String]
  package var calibration: EnergyCalibration

  package init(
    _ calibration: EnergyCalibration, on machine: MachineDescription, boundary: RunEnergy.Boundary, sensors: [String],
    toolVersion: String
  ) {
    self.toolVersion = toolVersion
    time = Timestamp.utc()
    machineFingerprint = machine.fingerprint
    kernelRelease = machine.kernelRelease.value
    self.boundary = boundary
    self.sensors = sensors
    self.calibration = calibration
  }

  package static let kind = "energy"

  package func store(in files: MachineFiles) throws(RecordError) { try files.write(self, as: Self.kind) }

  /// Nil where there is none. One that cannot be read or believed is an error with its name.
  package static func load(from files: MachineFiles) throws(RecordError) -> CalibrationFile? {
    func refuse(_ reason: String) -> RecordError {
      RecordError(file: files.path(of: kind) ?? kind, reason: reason)
    }
    let file: CalibrationFile
    do {
      guard let json = try files.contents(of: kind) else { return nil }
      file = try RecordCoding.decode(CalibrationFile.self, from: json)
    } catch let error as RecordError {
      throw error
    } catch {
      throw refuse("\(RecordCoding.reason(of: error)); remove it or run inferometer calibrate again")
    }
    guard file.schema == schemaName, file.schemaVersion == schemaVersion else {
      throw refuse("is of another version; run inferometer calibrate again")
    }
    guard !file.calibration.draws.isEmpty else {
      throw refuse("has no draws of coefficients; run inferometer calibrate again")
    }
    return file
  }
}
