import Records
import Statistics

/// The results of one measurement: its runs, and what is known of where and how they were made.
package struct Results: Sendable {
  package var machine: MachineCard?
  package var command: String?
  package var runs: [RunRecord]
  /// Sittings of this machine before this one.
  package var history: [Sitting] = []
  /// Sums of kernels that were kept beside it.
  package var closures: [Closure] = []
  package var warnings: [Warning]

  package init(machine: MachineCard?, command: String? = nil, runs: [RunRecord], warnings: [Warning] = []) {
    self.machine = machine
    self.command = command
    self.runs = runs
    self.warnings = warnings
  }

  /// Processors of the machine, for the example price; where it was not written down, as many as threads ran.
  package var processors: Int { machine?.processors ?? runs.map(\.configuration.threads).max() ?? 1 }

  /// From the beginning of the first run to that of the last, in seconds.
  var span: Double {
    let times = runs.compactMap { Timestamp.seconds(of: $0.time) }
    return (times.max() ?? 0) - (times.min() ?? 0)
  }

  /// Reads a directory. A machine that was not written down is a warning; a file that cannot be believed is an error.
  package static func load(_ path: String) throws(RecordError) -> Results {
    let directory = try ResultsDirectory(existing: path)
    let log = try RunLog.read(directory.runs)
    if log.records.isEmpty { throw RecordError(file: directory.runs, reason: "has no finished run: measure first") }
    var results = Results(
      machine: nil, command: directory.readCommand(), runs: log.records,
      warnings: log.warnings.map { Warning(code: "cut-off-line", message: $0) })
    results.history = try directory.readHistory()
    results.closures = try Closure.kept(in: directory)
    if directory.hasMachine {
      results.machine = MachineCard(try directory.readMachine())
    } else {
      results.warnings.append(
        Warning(
          code: "no-machine", message: "machine.json is not there, so the machine is known by its fingerprint only"))
    }
    return results
  }
}
