import Analysis
import Machine
import Records
import Reporting

/// Where a comparison keeps what it ran: a folder for each variant, in the order in which they were named, which `compare`
/// reads like any other results, and beside them what was found.
struct CompareFiles {
  private let directory: ResultsDirectory
  private let writers: [LineWriter]

  var path: String { directory.path }

  /// Makes a directory below `root` and proves that it can be written to.
  init(at root: String, variants: [CompareVariant], machine: MachineDescription, command: [String]) throws {
    directory = try ResultsDirectory.prepare(at: root, machineSlug: machine.slug)
    try directory.writeMachine(machine)
    try directory.writeCommand(command)
    let path = directory.path
    writers = try variants.enumerated().map { index, variant in
      let folder = try ResultsDirectory(making: "\(path)/\(index + 1)")
      return try LineWriter(variant.kind == .bench ? folder.runs : folder.kernels) { _ in false }
    }
  }

  func keep(_ output: CompareVariant.Output, of variant: Int) throws {
    switch output {
    case .runs(let runs): for run in runs { try writers[variant].append(run) }
    case .rows(let rows): for row in rows { try writers[variant].append(row) }
    }
  }

  func write(_ comparison: Comparison) throws {
    for writer in writers { try writer.synchronize() }
    try directory.write(comparison.json(), to: "comparison.json")
    try directory.write(Markdown.text(ReportPage(comparison)), to: "report.md")
  }
}
