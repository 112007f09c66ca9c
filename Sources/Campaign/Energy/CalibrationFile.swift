import EnergyModel
import FoundationEssentials
import Glibc
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

  /// `${XDG_CACHE_HOME:-~/.cache}/inferometer/energy-FINGERPRINT.json`; nil without a home.
  package static func path(for machine: MachineDescription, environment: [String: String]) -> String? {
    let cache = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 + "/.cache" : nil }
    return (cache ?? home).map { "\($0)/inferometer/energy-\(machine.fingerprint).json" }
  }

  package func write(to path: String) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]), withIntermediateDirectories: true)
      try Data(RecordCoding.encode(self, pretty: true)).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw RecordError(file: path, reason: "cannot be written; XDG_CACHE_HOME names another place for it")
    }
  }

  /// Nil where there is none. One that cannot be read or believed is an error with its name.
  package static func read(_ path: String) throws -> CalibrationFile? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    do {
      let data = try Data(contentsOf: URL(filePath: path))
      let file = try RecordCoding.decode(CalibrationFile.self, from: Array(data))
      guard file.schema == schemaName, file.schemaVersion == schemaVersion else {
        throw RecordError(file: path, reason: "is of another version; run inferometer calibrate again")
      }
      return file
    } catch let error as RecordError {
      throw error
    } catch {
      throw RecordError(
        file: path, reason: "\(RecordCoding.reason(of: error)); remove it or run inferometer calibrate again")
    }
  }
}
