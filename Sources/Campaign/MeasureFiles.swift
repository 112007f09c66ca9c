import Glibc
import Machine
import Records

/// The files of one measurement: made and tried before anything is measured, and read again to go on.
struct MeasureFiles {
  let directory: ResultsDirectory
  /// Holds the runs against other writers; nil while other processes write them.
  private var writer: RunWriter?
  /// Runs that were there when the measurement began.
  let earlier: [RunRecord]

  private static let planName = "plan.json"

  /// Makes a directory below `root` with all that a run needs, so that a full or read-only disk shows now.
  init(new plan: MeasurePlan, at root: String, machine: MachineDescription, command: [String]) throws {
    // A task that is started again finds what it began by its name.
    directory =
      try plan.task.map { try ResultsDirectory.prepare(at: root, named: "task-\($0.index)-of-\($0.count)") }
      ?? ResultsDirectory.prepare(at: root, machineSlug: machine.slug)
    earlier = []
    do {
      try directory.writeMachine(machine)
      try directory.writeCommand(command)
      writer = try RunWriter(directory.runs)
      try save(plan)
    } catch {
      Self.removeFiles(of: directory)
      throw error
    }
  }

  /// Opens what an interrupted measurement left.
  init(existing path: String) throws {
    directory = try ResultsDirectory(existing: path)
    try directory.checkWritable()
    writer = try RunWriter(directory.runs)
    earlier = try RunLog.read(directory.runs).records
  }

  /// Leaves the runs to other processes.
  mutating func letGo() { writer = nil }

  func append(_ record: RunRecord) throws { try writer?.append(record) }

  func synchronize() throws { try writer?.synchronize() }

  func save(_ plan: MeasurePlan) throws {
    let json = try RecordCoding.encode(plan, pretty: true)
    try directory.write(String(decoding: json, as: UTF8.self) + "\n", to: Self.planName)
  }

  static func plan(in path: String) throws -> MeasurePlan {
    let directory = try ResultsDirectory(existing: path)
    let json = try directory.contents(of: planName)
    func refuse(_ reason: String) -> RecordError { RecordError(file: "\(path)/\(planName)", reason: reason) }
    do {
      let header = try RecordCoding.decode(Header.self, from: json)
      guard header.schema == MeasurePlan.schemaName else { throw refuse("is not a plan of this tool") }
      guard header.schemaVersion == MeasurePlan.schemaVersion else {
        throw refuse("was written by another version (plan format \(header.schemaVersion)): measure anew")
      }
      let plan = try RecordCoding.decode(MeasurePlan.self, from: json)
      if let defect = plan.defect { throw refuse(defect) }
      return plan
    } catch let error as RecordError {
      throw error
    } catch {
      throw refuse(RecordCoding.reason(of: error))
    }
  }

  private struct Header: Decodable {
    var schema: String
    var schemaVersion: Int
  }

  /// Removes a directory in which no run was finished.
  func remove() { Self.removeFiles(of: directory) }

  private static func removeFiles(of directory: ResultsDirectory) {
    for name in ["machine.json", "command.txt", planName, "runs.jsonl"] { unlink("\(directory.path)/\(name)") }
    rmdir(directory.path)
  }
}
