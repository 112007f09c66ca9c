import Records
import Reporting

/// `import`: rows of other benches as lines that `compare` reads.
enum Import: Verb {
  static let syntax = Syntax(
    "import", summary: "turn files of other benches into rows that compare reads",
    usage: ["FILE…"], groups: [], operands: ["FILE…"],
    notes: [
      "Reads llama-bench's JSON, JSON lines, CSV and SQL of any version, llama-batched-bench's and sweep-bench's JSON lines and "
        + "tables, and Spare Cores' rows. Prints one JSON object a line under llama-bench's names, with imported_from and "
        + "imported_format: they are somebody else's measurement and stay that. What a file does not say is not made up; where "
        + "it has means only, a row has one time and no spread."
    ])

  static func run(_ arguments: Arguments) throws {
    guard !arguments.operands.isEmpty else { throw UsageError("FILE", "name a file of another bench") }
    for path in arguments.operands {
      let bench = try reading { try ForeignBench(path) }
      for row in bench.rows {
        let line = try row.line(from: path, format: bench.format.rawValue)
        try Console.print(String(decoding: line, as: UTF8.self) + "\n")
      }
      Console.note("\(path): \(bench.rows.count) rows of \(bench.format.rawValue)")
    }
  }
}
