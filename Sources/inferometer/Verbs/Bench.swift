import Campaign
import Machine
import Records
import Statistics

/// `bench`: llama-bench's tests, options and tables.
enum Bench: Verb {
  static let syntax = Syntax(
    "bench", summary: "time prefill and decode the way llama-bench does, with its options and tables",
    usage: ["[-m FILE | --preset NAME] [OPTION…]"],
    groups: [
      OptionGroup(
        "Model (lists and repeated options are all run)", [BenchOptions.model] + OptionGroup.model.options.dropFirst()),
      OptionGroup("Tests (each takes a list; every combination is run)", BenchOptions.tests),
      OptionGroup("Engine", [.isa, .activations, .tuning, .noPin]),
      OptionGroup("Output", [BenchOptions.output, BenchOptions.errorOutput]),
    ],
    ignored: BenchOptions.ignored,
    notes: [
      "Lists: 1,2,4, ranges 1-8, steps 128-512+128, powers 1-64*2. 0 leaves the prompt or the generation out. The JSON "
        + "has llama-bench's fields, and behind them pl, flops and bytes of one repetition, isa, activations, many_tokens, tuning, median_ts "
        + "with its interval.",
      "A prompt test times one prompt, whatever -npl says.",
    ])

  static func run(_ arguments: Arguments) throws {
    let machine = MachineDescription.read()
    let request = try BenchRequest(arguments, on: machine)
    let plan = try BenchPlan(request)
    let choices = try BenchOptions.models(arguments)
    var output = try BenchOutput(arguments, request, processor: machine.modelName)
    Interruption.listen()
    for choice in choices where !Interruption.isRequested {
      let threads = request.threads.max() ?? 1
      var settings = EngineSettings.standard(on: machine)
      settings.threads = threads
      settings.isaCap = request.isaCap
      settings.activations = request.activations
      settings.pin = request.pin
      settings.tuning = request.tuning
      CampaignProgress.show(.preparing(.load))
      let workbench = try Workbench.load(choice, settings, machine)
      let campaign = BenchCampaign(
        plan, on: workbench, toolVersion: Version.current, cancellation: Interruption.wish,
        observer: CampaignProgress.show)
      _ = try campaign.run(finished: { try output.add($0) })
    }
    try output.end()
    if Interruption.isRequested {
      throw Failure(.interrupted, "interrupted; the tests that had finished are printed")
    }
  }
}

/// The rows of a bench as they come, on standard output and, where asked for, in another form on standard error.
private struct BenchOutput {
  private var printer: LlamaBenchPrinter
  private var errorPrinter: LlamaBenchPrinter?
  private let processor: String
  private var hasBegun = false

  init(_ arguments: Arguments, _ request: BenchRequest, processor: String) throws {
    let formats = LlamaBenchFormat.allCases.map { ($0.rawValue, $0) }
    let format = try arguments.choice(BenchOptions.output, formats)
    let varying = request.varying
    printer = LlamaBenchPrinter(format: format ?? (arguments.contains(.json) ? .json : .md), varying: varying)
    let errorFormat = try arguments.choice(BenchOptions.errorOutput, formats + [("none", nil)])
    errorPrinter = (errorFormat ?? nil).map { LlamaBenchPrinter(format: $0, varying: varying) }
    self.processor = processor
  }

  /// Not before there is a row, so that an error leaves nothing behind.
  private mutating func begin() throws {
    if hasBegun { return }
    hasBegun = true
    try Console.print(printer.header())
    if let errorPrinter { Console.remark(errorPrinter.header()) }
  }

  mutating func add(_ result: BenchResult) throws {
    guard let row = result.row(build: Version.build, processor: processor) else {
      return Console.note("\(result.test.name): took less time than the clock can tell; ask for more tokens")
    }
    try begin()
    try Console.print(printer.row(row))
    if let text = errorPrinter?.row(row) { Console.remark(text) }
  }

  mutating func end() throws {
    try begin()
    try Console.print(printer.footer(Version.build))
    if let errorPrinter { Console.remark(errorPrinter.footer(Version.build)) }
  }
}
