import Machine
import Records
import Reporting

/// `compare`: results set against a base, row by row, with what chance may explain.
enum Compare: Verb {
  private static let run = Option("--run", help: "run the variants: each word in quotes is a bench's options")
  private static let unit = Option(
    "--unit", value: "UNIT,…",
    help: "\(ComparisonUnit.allCases.map(\.rawValue).joined(separator: " ")) (tok/s)")
  private static let format = Option(
    "--format", value: "FORM", help: "text csv json md, or benchfmt for Go's tools (text); --json is --format json")
  private static let threshold = Option(
    "--threshold", value: "PERCENT", help: "end with status 2 where a row is significantly worse by more than this")
  private static let flagged = Option("--flagged", help: "use runs that have a verdict against them too")
  private static let strict = Option("--strict", help: "refuse results of several machines or versions")
  private static let effect = Option(
    "--effect", value: "PERCENT", help: "with --run: the difference that is to be told or excluded (2)")
  private static let budget = Option("--budget", value: "SECONDS", help: "with --run: the most time to take (120)")

  static let syntax = Syntax(
    "compare", summary: "set results against a base: medians, intervals, tests, what could have been found",
    usage: ["A B… [OPTION…]", "--run 'BENCH OPTIONS' 'BENCH OPTIONS'… [OPTION…]"],
    groups: [
      OptionGroup("Comparison", [unit, format, threshold, flagged, strict]),
      OptionGroup("Running", [run, effect, budget]), .price,
    ], operands: ["A", "B…"],
    notes: [
      "A and B are results directories, runs.jsonl files, or JSON that bench or llama-bench printed; A is the base. Rows are "
        + "matched by model, test and the settings that vary; different models are never matched.",
      "--run starts every variant again and again in processes of its own, in turn: compare --run '-m F --isa avx2' "
        + "'-m F --isa amx'. -- before the variants lets one be a single option.",
    ])

  private enum Form: String, CaseIterable { case text, csv, json, md, benchfmt }

  static func run(_ arguments: Arguments) throws {
    guard arguments.operands.count > 1 else { throw UsageError("compare", "name a base and what to set against it") }
    let price = try PriceOptions(arguments)
    let units =
      try arguments.choices(unit, ComparisonUnit.allCases.map { ($0.rawValue, $0) }) ?? [.tokenRate]
    let form =
      try arguments.choice(format, Form.allCases.map { ($0.rawValue, $0) })
      ?? (arguments.contains(.json) ? .json : .text)
    let limit = try arguments.percentage(threshold)
    let tariff = try price.tariff(processors: MachineDescription.read().processors)
    func compare(_ sides: [ComparisonSide]) -> Comparison {
      Comparison(sides, units: units, tariff: tariff, withFlagged: arguments.contains(flagged))
    }
    var comparison: Comparison
    var isInterrupted = false
    if arguments.contains(run) {
      let effect = try arguments.percentage(effect) ?? 0.02
      var contest = try CompareRun(arguments.operands)
      Interruption.listen()
      try contest.run(budget: try arguments.number(budget, in: 1...1e6) ?? 120) {
        compare($0).isDecided(effect: effect)
      }
      Console.clearProgress()
      isInterrupted = contest.isInterrupted
      guard contest.rounds > 0 else {
        throw Failure(.interrupted, "interrupted before each variant was run once; nothing can be compared")
      }
      comparison = compare(contest.sides)
      comparison.notes += comparison.findings(effect: effect)
    } else {
      if let option = [effect, budget].first(where: arguments.contains) {
        throw UsageError(option, "has a meaning with --run only; leave it out")
      }
      comparison = compare(try sides(arguments.operands))
    }
    try check(comparison, isStrict: arguments.contains(strict))
    try Console.print(text(comparison, form))
    if isInterrupted { throw Failure(.interrupted, "interrupted; the finished rounds are compared") }
    if let limit, case let worse = comparison.regressions(past: limit), !worse.isEmpty {
      throw Failure(.regression, "a regression: \(worse.joined(separator: "; "))")
    }
  }

  private static func sides(_ paths: [String]) throws -> [ComparisonSide] {
    let labels = VariantLabels.ofPaths(paths)
    return try paths.enumerated().map { index, path in
      do {
        let side =
          switch try ResultFile.read(path) {
          case .runs(let log):
            ComparisonSide(labels[index], log.records.map { ComparedRun($0) }, warnings: log.warnings)
          case .rows(let log): ComparisonSide(labels[index], log.rows.flatMap { ComparedRun.runs(of: $0) })
          }
        if side.runs.isEmpty { throw RecordError(file: path, reason: "has no finished run") }
        return side
      } catch {
        // Whoever checks for regressions must tell a missing base from a bad file.
        let isMissing = index == 0 && !ResultFile.exists(path)
        throw Failure(isMissing ? .baselineMissing : .badData, "\(error)")
      }
    }
  }

  private static func check(_ comparison: Comparison, isStrict: Bool) throws {
    if isStrict, case let strangers = comparison.strangers, !strangers.isEmpty {
      throw Failure(
        .badData, "refused by \(strict.name): the results differ in \(strangers.joined(separator: " and "))")
    }
    guard comparison.isEmpty else { return }
    let strangers = comparison.notes.filter { $0.code == "unmatched-rows" }
    let reasons = (comparison.tables.flatMap(\.absences) + strangers).map(\.message)
    throw Failure(
      .baselineMissing,
      "no row has a base; rows are matched by model, test and settings that vary: \(reasons.joined(separator: "; "))")
  }

  private static func text(_ comparison: Comparison, _ form: Form) throws -> String {
    switch form {
    case .text: comparison.text
    case .csv: comparison.csv
    case .json: try comparison.json()
    case .md: comparison.markdown
    case .benchfmt: comparison.benchfmt
    }
  }
}
