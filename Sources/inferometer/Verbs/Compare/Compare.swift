import Analysis
import Machine
import Reporting

/// `compare`: results set against a base, row by row, with what chance may explain.
enum Compare: Verb {
  private static let run = Option(
    "--run",
    help: "run the variants: each is one word in quotes, which holds the options of a bench, or kernels and its options"
  )
  private static let unit = Option(
    "--unit", value: "UNIT,…",
    help: "\(Metric.all.map(\.id).joined(separator: " ")) (tok/s, of kernels s/call)")
  private static let format = Option(
    "--format", value: "FORM",
    help: "\(Form.allCases.map(\.rawValue).joined(separator: " ")) (text); benchfmt is for Go's tools; --json is "
      + "--format json")
  private static let threshold = Option(
    "--threshold", value: "PERCENT", help: "end with status 2 where a row is significantly worse by more than this")
  private static let flagged = Option("--flagged", help: "use runs that have a verdict against them too")
  private static let strict = Option("--strict", help: "refuse results that differ in anything that --by does not name")
  private static let by = Option(
    "--by", value: "NAME,…",
    help: "what the results are meant to differ in, as it stands above the table: threads isa …")
  private static let effect = Option(
    "--effect", value: "PERCENT", help: "with --run: the difference that is to be told or excluded (2)")
  private static let over = Option(
    "--over", value: "TIME", help: "with --run: spread the rounds over 30m or 1h, and sleep between them (not)")
  private static let budget = Option("--budget", value: "SECONDS", help: "with --run: the most time to take (120)")

  private static let results = Option(
    "--results", value: "DIR",
    help: "with --run: keep what every process measured, in DATE-MACHINE/ below this directory")

  static let syntax = Syntax(
    "compare", summary: "set results against a base: medians, intervals, tests, what could have been found",
    usage: ["A B… [OPTION…]", "--run '[bench|kernels] OPTIONS' '[bench|kernels] OPTIONS'… [OPTION…]"],
    groups: [
      OptionGroup("Comparison", [unit, format, threshold, flagged, strict, by]),
      OptionGroup("Running", [run, effect, budget, over, results]), .price,
    ], operands: ["A", "B…"],
    notes: [
      "A and B are results directories, runs.jsonl files, or JSON that bench, kernels or llama-bench printed; A is the "
        + "base. Rows are matched by model, test and the settings that vary, kernels by what they compute; different "
        + "models are never matched. p is that of the Mann-Whitney test of the processes' medians.",
      "--run starts every variant again and again in processes of its own, in turn: compare --run '-m F --isa avx2' "
        + "'-m F --isa amx', or --run 'kernels --shape 1x4096x4096 --format Q4_0 --warm' and the same with --slow 2. "
        + "-- before the variants lets one be a single option. Variants of a round share what the machine did at that "
        + "time, so that each round gives a ratio, and p is that of Wilcoxon's signed ranks of these. It ends when every "
        + "difference is found or excluded, or when its time is over; p and the ratio's interval hold however often they "
        + "were looked at.",
    ])

  private enum Form: String, CaseIterable { case text, csv, json, md, benchfmt }

  static func run(_ arguments: Arguments) throws {
    guard arguments.operands.count > 1 else { throw UsageError("compare", "name a base and what to set against it") }
    if arguments.contains(by), !arguments.contains(strict) {
      throw UsageError(by, "has a meaning with \(strict.name) only; leave it out")
    }
    let price = try PriceOptions(arguments)
    let asked = try arguments.choices(unit, Metric.all.map { ($0.id, $0) })
    let form =
      try arguments.choice(format, Form.allCases.map { ($0.rawValue, $0) })
      ?? (arguments.contains(.json) ? .json : .text)
    let limit = try arguments.percentage(threshold)
    func compare(_ sides: [ComparisonSide], _ progress: Comparison.Progress?) -> Comparison {
      Comparison(
        sides, metrics: asked ?? [.standard(of: sides.flatMap(\.observations))],
        withFlagged: arguments.contains(flagged), progress: progress)
    }
    var comparison: Comparison
    var end: Failure?
    if arguments.contains(run) {
      (comparison, end) = try runVariants(arguments, price, compare)
    } else {
      if let option = [effect, budget, over, results].first(where: arguments.contains) {
        throw UsageError(option, "has a meaning with --run only; leave it out")
      }
      comparison = compare(try ComparisonSide.read(arguments.operands, price), nil)
    }
    try check(comparison, apartFrom: arguments.contains(strict) ? axes(arguments) : nil)
    switch form {
    case .text: try Console.show(ReportPage(comparison))
    case .csv: try Console.print(ComparisonCSV.text(comparison))
    case .json: try Console.print(comparison.json())
    case .md: try Console.print(Markdown.text(ReportPage(comparison)))
    case .benchfmt: try Console.print(Benchfmt.text(comparison))
    }
    if let end { throw end }
    if let limit, case let worse = comparison.regressions(past: limit), !worse.isEmpty {
      throw Failure(.regression, "a regression: \(worse.joined(separator: "; "))")
    }
  }

  /// What the finished rounds gave, and why it ended early if it did.
  private static func runVariants(
    _ arguments: Arguments, _ price: PriceOptions,
    _ compareSides: ([ComparisonSide], Comparison.Progress?) -> Comparison
  ) throws -> (Comparison, Failure?) {
    let variants = try CompareVariant.all(arguments.operands)
    let machine = MachineDescription.read()
    let tariff = try price.tariff(processors: machine.processors, of: machine.modelName)
    func compare(_ sides: [ComparisonSide], _ progress: Comparison.Progress?) -> Comparison {
      compareSides(
        sides.map { ComparisonSide($0.label, $0.observations, tariff: tariff, warnings: $0.warnings) }, progress)
    }
    let effect = try arguments.percentage(effect) ?? 0.02
    let seconds = try arguments.number(budget, in: 1...1e6) ?? 120
    let span = try arguments.seconds(over)
    if let span, span < seconds {
      throw UsageError(over, "is less than the budget of \(seconds.fixed(0)) s; give more")
    }
    var contest = CompareRun(variants, effect: effect, budget: seconds, over: span)
    let files = try arguments.string(results).map {
      try CompareFiles(
        at: $0, variants: variants, machine: machine, command: ["inferometer"] + CommandLineWords.read())
    }
    Interruption.listen()
    try contest.run(keep: { try files?.keep($0, of: $1) }) {
      compare($0.sides, $0.progress).isDecided(effect: effect)
    }
    Console.clearProgress()
    guard contest.rounds > 0 else {
      throw contest.failure
        ?? Failure(.interrupted, "interrupted before each variant was run once; nothing can be compared")
    }
    var comparison = compare(contest.sides, contest.progress)
    comparison.notes += comparison.findings(effect: effect)
    try files?.write(comparison)
    let end =
      contest.failure.map { Failure($0.code, "\($0.message ?? "a variant failed"); the finished rounds are compared") }
      ?? (contest.isInterrupted ? Failure(.interrupted, "interrupted; the finished rounds are compared") : nil)
    return (comparison, end)
  }

  /// What the results may differ in: what --by names, and what the command lines of variants set.
  private static func axes(_ arguments: Arguments) -> Set<String> {
    let named = arguments.occurrences.filter { $0.option == by }.flatMap {
      $0.value.split(separator: ",").map(String.init)
    }
    return Set(named + (arguments.contains(run) ? Comparison.chosenSettings : []))
  }

  /// Without axes the results may differ in anything.
  private static func check(_ comparison: Comparison, apartFrom axes: Set<String>?) throws {
    if let axes, case let differences = comparison.differences(apartFrom: axes), !differences.isEmpty {
      throw Failure(
        .badData,
        "refused by \(strict.name): the results differ in \(differences.joined(separator: " and ")); name what is meant "
          + "to differ with \(by.name)")
    }
    guard comparison.isEmpty else { return }
    let unmatched = comparison.notes.filter { $0.code == "unmatched-rows" }
    let reasons = (comparison.tables.flatMap(\.absences) + unmatched).map(\.message)
    throw Failure(
      .baselineMissing,
      "no row has a base; rows are matched by model, test and settings that vary: \(reasons.joined(separator: "; "))")
  }
}
