import Pricing
import Records
import Reporting

/// `report`: figures and report of a results directory, from its records alone.
enum Report: Verb {
  static let syntax = Syntax(
    "report", summary: "make the report of a results directory again, from its records",
    usage: ["DIR [OPTION…]"], groups: [.price], operands: ["DIR"],
    notes: ["Writes DIR/report.md and prints the screen of it; with --json prints the figures and writes nothing."])

  static func run(_ arguments: Arguments) throws {
    guard let path = arguments.operands.first else { throw UsageError("DIR", "name a results directory") }
    let price = try PriceOptions(arguments)
    let input = try reading { try ReportInput.load(path) }
    let summary = Analysis.summary(of: input, tariff: try price.tariff(processors: input.processors))
    if arguments.contains(.json) { return try Console.print(summary.json()) }
    try ReportFiles.write(summary, to: ResultsDirectory(existing: path))
    try Console.print(TerminalReport.text(summary, ink: Page.ink))
  }
}

extension ReportInput {
  /// Whose example price stands in for the user's.
  var processors: Int { machine?.processors ?? runs.map(\.configuration.threads).max() ?? 1 }
}
