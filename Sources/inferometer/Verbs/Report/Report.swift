import Analysis
import Foundation
import Records
import Reporting

/// `report`: figures and report of results directories, from their records alone.
enum Report: Verb {
  private static let format = Option(
    "--format", value: "html|md|csv|json", help: "print the report as a page, as tables or as data instead of a screen")
  private static let output = Option(
    "-o", "--output", value: "FILE", help: "write it to FILE (in the format that FILE's name says, or --format)")
  private static let open = Option("--open", help: "open the page in a browser")

  static let syntax = Syntax(
    "report", summary: "make the report of results directories again, from their records",
    usage: ["DIR… [OPTION…]"], groups: [OptionGroup("Report", [format, output, open]), .price], operands: ["DIR…"],
    notes: [
      "Of one DIR it writes DIR/report.md, report.html and the pictures at the price that the measurement was given, and shows a "
        + "screen of it. With several, a format, an option of price or --json it writes nothing but FILE. Several machines stand "
        + "side by side and are never pooled; a DIR made by merge is as many as it has machines."
    ])

  enum Form: String, CaseIterable { case html, md, csv, json }

  static func run(_ arguments: Arguments) throws {
    guard !arguments.operands.isEmpty else { throw UsageError("DIR", "name a results directory") }
    let asked = try PriceOptions(arguments)
    let form = try form(arguments)
    let sources = try reading { try ResultsDirectory.expanded(arguments.operands) }
    let summaries = try sources.map { try ($0.path, summary(of: $0, asked)) }
    if let form {
      let text = try text(summaries, form)
      guard let path = arguments.string(output) else { return try Console.print(text) }
      try reading { try ResultsDirectory.write(text, toFile: path) }
      Console.note("written: \(path)")
      if arguments.contains(open) { try show(path) }
      return
    }
    let page = summaries.count == 1 ? ReportPage(summaries[0].1) : ReportPage(summaries)
    if asked.isGiven || summaries.count > 1 {
      if arguments.contains(open) {
        throw UsageError(open, "needs -o FILE here: nothing is written into the directories")
      }
      if asked.isGiven {
        Console.note("\(sources[0].path): its report.md keeps the price that it was made with; this one is only shown")
      }
    } else {
      try ReportFiles.write(page, to: sources[0])
      if arguments.contains(open) { try show(sources[0].path + "/report.html") }
    }
    try Console.show(page)
  }

  /// The format that is asked for, or that the name of a file says; nil for a screen.
  private static func form(_ arguments: Arguments) throws -> Form? {
    let form = try arguments.choice(format, Form.allCases.map { ($0.rawValue, $0) })
    if arguments.contains(.json) {
      if let form, form != .json { throw UsageError(format, "\(form.rawValue) has no meaning beside --json") }
      return .json
    }
    guard form == nil, let path = arguments.string(output) else { return form }
    guard let named = Form.allCases.first(where: { path.hasSuffix(".\($0.rawValue)") }) else {
      throw UsageError(output, "'\(path)' says no format; end it in .html, .md, .csv or .json, or give --format")
    }
    return named
  }

  /// A directory's figures at the price that is asked for, or else at that with which it was measured.
  static func summary(of directory: ResultsDirectory, _ asked: PriceOptions) throws -> Summary {
    let results = try reading { try Results.load(directory.path) }
    let price = asked.isGiven ? asked : PriceOptions(ofCommand: results.command) ?? asked
    return SummaryBuilder.summary(
      of: results, tariff: try price.tariff(processors: results.processors, of: results.machine?.name))
  }

  private static func text(_ summaries: [(source: String, summary: Summary)], _ form: Form) throws -> String {
    let isOne = summaries.count == 1
    switch form {
    case .html: return HTML.text(isOne ? ReportPage(summaries[0].summary) : ReportPage(summaries))
    case .md: return Markdown.text(isOne ? ReportPage(summaries[0].summary) : ReportPage(summaries))
    case .csv: return PointRows.csv(summaries)
    case .json: return isOne ? try summaries[0].summary.json() : try JSONText.of(summaries.map(\.summary), pretty: true)
    }
  }

  /// Leaves the page to whatever opens pages here.
  static func show(_ path: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["xdg-open", path]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try? process.run()
    process.waitUntilExit()
    if process.terminationStatus != 0 { Console.note("no browser was found to open \(path) with (xdg-open)") }
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
