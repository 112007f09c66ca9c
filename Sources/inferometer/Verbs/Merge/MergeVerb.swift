import Records
import Reporting

/// `merge`: results of many directories as one for each machine.
enum MergeVerb: Verb {
  private static let output = Option("-o", "--output", value: "DIR", help: "where the merged results are made")

  static let syntax = Syntax(
    "merge", summary: "join results of many directories, one for each machine",
    usage: ["DIR… -o DIR"], groups: [OptionGroup("Output", [output])], operands: ["DIR…"],
    notes: [
      "A run that several directories hold is there once, in whatever order and however often they are given. Machines are kept "
        + "apart: DIR/<machine>-<fingerprint>. Windows of different sittings stay different windows. A part of a cut "
        + "measurement (measure --task) that was not finished is left out where another attempt was."
    ])

  static func run(_ arguments: Arguments) throws {
    guard !arguments.operands.isEmpty else { throw UsageError("DIR", "name results directories to merge") }
    guard let path = arguments.string(output) else { throw UsageError(output, "is needed: where to make the result") }
    let sources = try reading { try ResultsDirectory.expanded(arguments.operands) }
    let outcome = try reading { try Merge.run(sources, into: path) }
    if arguments.contains(.json) {
      return try Console.print(
        JSONText.of(
          Answer(
            directories: outcome.directories.map(\.path), runs: outcome.runs, duplicates: outcome.duplicates,
            unfinished: outcome.unfinished), pretty: true))
    }
    var page = ReportPage()
    page.field("runs", "\(outcome.runs), and \(outcome.duplicates) that were there already")
    page.fields("machines", outcome.directories.map(\.path))
    if !outcome.unfinished.isEmpty { page.fields("left out", outcome.unfinished.map { "\($0): was not finished" }) }
    try Console.show(page)
  }

  private struct Answer: Encodable {
    var schema = "inferometer.merge"
    var schemaVersion = 1
    var directories: [String]
    var runs: Int
    var duplicates: Int
    var unfinished: [String]
  }
}
