import Analysis
import Pricing
import Reporting
import Statistics

/// `price`: money for tokens, from a measurement or from times that are given.
enum Price: Verb {
  private static let input = Option(
    "--seconds-per-input-token", value: "S", help: "instead of DIR: the seconds that an input token takes")
  private static let output = Option(
    "--seconds-per-output-token", value: "S", help: "instead of DIR: the seconds that an output token takes")
  private static let prompt = Option("--prompt-tokens", value: "N", help: "length of the prompt that is priced (512)")
  private static let context = Option(
    "--context-tokens", value: "N", help: "tokens before the output token that is priced (512)")
  private static let cached = Option(
    "--cached-tokens", value: "N", help: "tokens in the cache before the prompt that is priced (as many as it has)")
  private static let export = Option(
    "--export", value: "FORMAT", help: "prices for other tools: \(PriceExport.names)")
  private static let mix = Option(
    "--mix", value: "NAME,…", help: "blends by name or by their input share: \(mixNames) (all)")
  private static let task = Option(
    "--task", value: "IN,OUT", help: "also price a prompt of IN and an answer of OUT tokens; may be repeated")

  private static let scenario = Option(
    "--scenario", value: "FILE", help: "price what a scenario's strategies come to (help scenarios)")
  private static let canonical = Option(
    "--canonical", help: "with --scenario: print the file as strict JSON, with all defaults filled in")

  private static let mixNames = Mix.named.map(\.name).joined(separator: " ")

  static let syntax = Syntax(
    "price", summary: "price a million tokens, blends of them and a task at what the host costs",
    usage: [
      "DIR [OPTION…]", "--seconds-per-input-token S --seconds-per-output-token S [OPTION…]",
      "--scenario FILE [--canonical]",
    ],
    groups: [
      .price, OptionGroup("Tokens", [input, output, prompt, context, cached, mix, task, export]),
      OptionGroup("Strategies", [scenario, canonical]),
    ], operands: ["DIR"],
    notes: [
      "Input is charged the time of prefill and output the time of decode, so that the two may be blended and added. "
        + "DIR is a results directory with runs of at least a few lengths."
    ])

  static func run(_ arguments: Arguments) throws {
    if let path = arguments.string(scenario) { return try runScenario(path, arguments) }
    if arguments.contains(canonical) { throw UsageError(canonical, "prints a scenario; name it with \(scenario.name)") }
    let price = try PriceOptions(arguments)
    let format = try arguments.choice(export, PriceExport.allCases.map { ($0.rawValue, $0) })
    let mixes = try mixes(arguments)
    let tasks = try arguments.occurrences.filter { $0.option == task }.map { try TaskLengths($0) }
    let prices =
      if let path = arguments.operands.first {
        try self.prices(path, arguments, price, mixes, tasks)
      } else {
        [try prices(arguments, price, mixes, tasks)]
      }
    if arguments.contains(.json) { return try Console.print(JSONText.of(PriceList(prices), pretty: true)) }
    if let format { return try Console.print(format.text(prices)) }
    var page = ReportPage()
    for (index, setup) in prices.enumerated() {
      if index > 0 { page.add(.space) }
      page.add(setup)
    }
    try Console.show(page)
  }

  private static func runScenario(_ path: String, _ arguments: Arguments) throws {
    let others = [input, output, prompt, context, cached, mix, task] + OptionGroup.price.options
    for option in others where arguments.contains(option) {
      throw UsageError(option, "has no meaning beside \(scenario.name), which says all of that itself; leave it out")
    }
    guard arguments.operands.isEmpty else {
      throw UsageError(scenario, "names its records itself; leave out \(arguments.operands[0])")
    }
    let file = try ScenarioFile(path)
    if arguments.contains(canonical) { return try Console.print(file.scenario.canonical) }
    let result = try file.result()
    if let format = try arguments.choice(export, PriceExport.allCases.map { ($0.rawValue, $0) }) {
      guard format == .csv else {
        throw UsageError(export, "of a scenario is csv; other formats are of a results directory")
      }
      return try Console.print(ScenarioTable.csv(result))
    }
    if arguments.contains(.json) { return try Console.print(JSONText.of(result, pretty: true)) }
    var page = ReportPage()
    page.add(result)
    try Console.show(page)
  }

  /// The prices of what was measured, one for each model and setup.
  private static func prices(
    _ path: String, _ arguments: Arguments, _ price: PriceOptions, _ mixes: [Mix], _ tasks: [TaskLengths]
  ) throws -> [SetupPrices] {
    for option in [input, output] where arguments.contains(option) {
      throw UsageError(option, "has no meaning beside \(path); leave one of them out")
    }
    let results = try reading { try Results.load(path) }
    let summary = SummaryBuilder.summary(
      of: results, tariff: try price.tariff(processors: results.processors, of: results.machine?.name))
    let prompt = try arguments.integer(prompt, in: 1...1 << 24)
    let context = try arguments.integer(context, in: 0...1 << 24)
    let cached = try arguments.integer(cached, in: 1...1 << 24)
    let prices = try summary.subjects.compactMap { subject in
      do {
        var prices = try SetupPrices(
          subject, prompt: prompt, context: context, cached: cached, mixes: mixes, tasks: tasks)
        prices?.month = results.runs.last.map { String($0.time.prefix(7)) }
        return prices
      } catch {
        throw Failure(.usage, "\(subject.model.name): \(error)")
      }
    }
    if prices.isEmpty {
      let reason = summary.subjects.first?.price.absentReason ?? "it has no run"
      throw Failure(.badData, "\(path): no price: \(reason); measure more lengths with measure --contexts")
    }
    return prices
  }

  /// The prices at times that were given.
  private static func prices(
    _ arguments: Arguments, _ price: PriceOptions, _ mixes: [Mix], _ tasks: [TaskLengths]
  ) throws -> SetupPrices {
    guard let input = try arguments.number(input, in: 1e-12...1e6),
      let output = try arguments.number(output, in: 1e-12...1e6)
    else {
      throw UsageError("price", "name a results directory, or give \(input.name) and \(output.name)")
    }
    for option in [prompt, context, cached] where arguments.contains(option) {
      throw UsageError(option, "has no meaning beside given seconds, which hold at any length; leave it out")
    }
    let tariff = try price.tariff(processors: 1, of: nil)
    return SetupPrices(
      PriceSheet(input: .exact(input), output: .exact(output), tariff, mixes: mixes, tasks: tasks))
  }

  private static func mixes(_ arguments: Arguments) throws -> [Mix] {
    let words = arguments.occurrences.filter { $0.option == mix }
    if words.isEmpty { return Mix.named }
    return try words.flatMap { occurrence in
      try occurrence.value.split(separator: ",", omittingEmptySubsequences: false).map { word in
        if let known = Mix.named.first(where: { $0.name == word.lowercased() }) { return known }
        guard let share = Double(word), (0...1).contains(share) else {
          throw occurrence.error(
            "'\(word)' is not a blend; give one of \(mixNames), or an input share from 0 to 1", showingValue: false)
        }
        return try Mix(name: "input \(word)", inputShare: share)
      }
    }
  }
}

extension TaskLengths {
  /// `IN,OUT`
  init(_ occurrence: Arguments.Occurrence) throws(UsageError) {
    let parts = occurrence.value.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let input = parts[0], let output = parts[1], (0...1 << 24).contains(input),
      (0...1 << 24).contains(output), input + output > 0
    else { throw occurrence.error("is not a prompt and an answer; write 1000,200") }
    self.init(input: input, output: output)
  }
}
