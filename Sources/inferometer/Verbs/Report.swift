import Analysis
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
    let results = try reading { try Results.load(path) }
    let summary = SummaryBuilder.summary(of: results, tariff: try price.tariff(processors: results.processors))
    if arguments.contains(.json) { return try Console.print(summary.json()) }
    let page = ReportPage(summary)
    try ReportFiles.write(page, to: ResultsDirectory(existing: path))
    try Console.show(page)
  }
}
