import Analysis
import Records
import Reporting

/// `report`: figures and report of a results directory, from its records alone.
enum Report: Verb {
  static let syntax = Syntax(
    "report", summary: "make the report of a results directory again, from its records",
    usage: ["DIR [OPTION…]"], groups: [.price], operands: ["DIR"],
    notes: [
      "Writes DIR/report.md at the price that the measurement was given, and shows a screen of it. With an option of price "
        + "or with --json it writes nothing."
    ])

  static func run(_ arguments: Arguments) throws {
    guard let path = arguments.operands.first else { throw UsageError("DIR", "name a results directory") }
    let asked = try PriceOptions(arguments)
    let results = try reading { try Results.load(path) }
    let price = asked.isGiven ? asked : PriceOptions(ofCommand: results.command) ?? asked
    let summary = SummaryBuilder.summary(
      of: results, tariff: try price.tariff(processors: results.processors, of: results.machine?.name))
    if arguments.contains(.json) { return try Console.print(summary.json()) }
    let page = ReportPage(summary)
    if asked.isGiven {
      Console.note("\(path): its report.md keeps the price that it was made with; this one is only shown")
    } else {
      try ReportFiles.write(page, to: ResultsDirectory(existing: path))
    }
    try Console.show(page)
  }
}

extension PriceOptions {
  /// The price that a measurement was made with, as its command line says; nil where that cannot be read any more.
  fileprivate init?(ofCommand command: String?) {
    guard let command, let words = try? CommandWords.split(command) else { return nil }
    let own = words.dropFirst().first == Measure.syntax.verb ? words.dropFirst(2) : words.dropFirst()
    guard let price = try? PriceOptions(Arguments(Array(own), Measure.syntax)) else { return nil }
    self = price
  }
}
