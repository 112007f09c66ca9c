import Analysis
import Pricing
import Records
import Reporting

/// `curve`: the laws fitted to a measurement, how well they fit, and what they say of the machine.
enum CurveVerb: Verb {
  private static let csv = Option("--csv", help: "the places, what each cost and what the curve says, as CSV")

  static let syntax = Syntax(
    "curve", summary: "fit the cost curves of a measurement again; show residuals, export them",
    usage: ["DIR [OPTION…]"], groups: [OptionGroup("Output", [csv])], operands: ["DIR"],
    notes: [
      "A curve is a sum of terms: once a pass through the layers, once a token, once for each token that is attended to. "
        + "off is how far the curve is from the mean of a place. What a term amounts to stands beside the roof that was "
        + "measured in the same windows."
    ])

  static func run(_ arguments: Arguments) throws {
    guard let path = arguments.operands.first else { throw UsageError("DIR", "name a results directory") }
    let summary = SummaryBuilder.summary(of: try reading { try Results.load(path) })
    let reports = summary.subjects.map { CurveReport($0) }
    if arguments.contains(.json) { return try Console.print(JSONText.of(reports, pretty: true)) }
    if arguments.contains(csv) { return try Console.print(CurveTable.csv(reports)) }
    var page = ReportPage()
    for (index, report) in reports.enumerated() {
      if index > 0 { page.add(.space) }
      page.add(report)
    }
    try Console.show(page)
  }
}
