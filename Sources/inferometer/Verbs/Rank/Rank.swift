import Analysis
import Pricing
import Quantities
import Records
import Reporting

/// `rank`: machines and setups by what a token costs on them.
enum Rank: Verb {
  private static let by = Option(
    "--by", value: "output|input|joules", help: "the price of an output or an input token, or its energy (output)")
  private static let tokenLimit = Option(
    "--token", value: "TIME", help: "how long a reader may wait for a token, in 95 of 100 cases: 50ms, 0.2s (no limit)")
  private static let firstLimit = Option(
    "--first-token", value: "TIME",
    help: "likewise for the first token of a prompt of the reference length: 2s (no limit)")
  private static let prices = Option(
    "--prices", value: "FILE", help: "a CSV of hosts' prices with the columns machine and dollars_per_hour")
  private static let format = Option("--format", value: "html|md|csv|json", help: "print it so instead of on a screen")
  private static let output = Option("-o", "--output", value: "FILE", help: "write it to FILE")

  static let syntax = Syntax(
    "rank", summary: "order machines and setups by what a token costs on them",
    usage: ["DIR… [OPTION…]"],
    groups: [
      OptionGroup("Order", [by, tokenLimit, firstLimit, prices]), OptionGroup("Output", [format, output]), .price,
    ],
    operands: ["DIR…"],
    notes: [
      "machine in the CSV is the processor's name, the machine's slug or its fingerprint, as machine.json has them. Rows that are "
        + "beyond a limit stand below those within. Machines are compared, never pooled."
    ])

  static func run(_ arguments: Arguments) throws {
    guard !arguments.operands.isEmpty else { throw UsageError("DIR", "name results directories") }
    let asked = try PriceOptions(arguments)
    if arguments.contains(prices), asked.isGiven {
      throw UsageError(prices, "has no meaning beside a price for all; leave one of them out")
    }
    let table = try arguments.string(prices).map { path in try reading { try HostPriceTable(path) } }
    let criterion = try arguments.choice(by, Ranking.Criterion.allCases.map { ($0.rawValue, $0) }) ?? .output
    let limits = Ranking.Limits(
      secondsPerToken: try arguments.wait(tokenLimit), secondsToFirstToken: try arguments.wait(firstLimit))
    let form =
      arguments.contains(.json) ? .json : try arguments.choice(format, Report.Form.allCases.map { ($0.rawValue, $0) })
    let summaries = try reading { try ResultsDirectory.expanded(arguments.operands) }.map { directory in
      (directory.path, try summary(of: directory, asked, table))
    }
    let ranking = Ranking(summaries, by: criterion, limits: limits)
    var page = ReportPage()
    page.add(.heading("Machines by \(criterion.rawValue)", level: 1))
    page.add(ranking)
    let text: String
    switch form {
    case nil:
      if arguments.contains(output) { throw UsageError(output, "needs --format html, md, csv or json") }
      return try Console.show(page)
    case .html: text = HTML.text(page)
    case .md: text = Markdown.text(page)
    case .json: text = try JSONText.of(ranking, pretty: true)
    case .csv: text = RankingRows.csv(ranking)
    }
    guard let path = arguments.string(output) else { return try Console.print(text) }
    try reading { try ResultsDirectory.write(text, toFile: path) }
    Console.note("written: \(path)")
  }

  /// At the price that the table has for the machine, the one that was asked for, or the one that it was measured with.
  private static func summary(
    of directory: ResultsDirectory, _ asked: PriceOptions, _ table: HostPriceTable?
  ) throws -> Summary {
    guard let table else { return try Report.summary(of: directory, asked) }
    let results = try reading { try Results.load(directory.path) }
    let names = [results.machine?.name, results.machine?.slug, results.machine?.fingerprint].compactMap(\.self)
    guard let dollars = table.dollarsPerHour(names) else {
      throw Failure(
        .badData,
        "\(table.path): has no price of \(directory.path)'s machine; name it \(names.joined(separator: " or "))")
    }
    let price = try HostPrice(dollarsPerHour: Dollars(dollars), source: .given)
    return SummaryBuilder.summary(of: results, tariff: try Tariff(price: price, utilisation: 1))
  }
}

extension Arguments {
  /// `50ms`, or what `seconds` reads.
  fileprivate func wait(_ option: Option) throws(UsageError) -> Double? {
    guard let occurrence = last(option), occurrence.value.hasSuffix("ms") else {
      return try seconds(option, atLeast: 1e-6)
    }
    guard let value = Double(occurrence.value.dropLast(2)), value > 0, value < 1e9 else {
      throw occurrence.error("is not a time; give 50ms or 2s")
    }
    return value / 1000
  }
}
