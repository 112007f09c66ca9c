import Records
import Statistics

/// Everything that a report is made of, as it stands in a results directory or as a measurement just produced it.
package struct ReportInput: Sendable {
  package var machine: MachineCard?
  package var command: String?
  package var runs: [RunRecord]
  package var warnings: [Warning]

  package init(machine: MachineCard?, command: String? = nil, runs: [RunRecord], warnings: [Warning] = []) {
    self.machine = machine
    self.command = command
    self.runs = runs
    self.warnings = warnings
  }

  /// Reads a directory. A machine that was not written down is a warning; a file that cannot be believed is an error.
  package static func load(_ path: String) throws(RecordError) -> ReportInput {
    let directory = try ResultsDirectory(existing: path)
    let log = try RunLog.read(directory.runs)
    if log.records.isEmpty { throw RecordError(file: directory.runs, reason: "has no finished run: measure first") }
    var input = ReportInput(
      machine: nil, command: directory.readCommand(), runs: log.records,
      warnings: log.warnings.map { Warning(code: "cut-off-line", message: $0) })
    if directory.hasMachine {
      input.machine = MachineCard(try directory.readMachine())
    } else {
      input.warnings.append(
        Warning(
          code: "no-machine", message: "machine.json is not there, so the machine is known by its fingerprint only"))
    }
    return input
  }
}
