import Analysis
import Campaign
import Machine
import Metering
import Records
import Reporting
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
      OptionGroup("Engine", [.isa, .activations, .tuning, .noPin]), .energy,
      OptionGroup("Output", [BenchOptions.output, BenchOptions.errorOutput]),
    ],
    ignored: BenchOptions.ignored,
    notes: [
      "Lists: 1,2,4, ranges 1-8, steps 128-512+128, powers 1-64*2. 0 leaves the prompt or the generation out. The JSON "
        + "has llama-bench's fields, and behind them pl, flops and bytes of one repetition, isa, activations, many_tokens, "
        + "tuning, median_ts with its interval, and energy: the method, J/token of each phase with its interval, or why "
        + "there is none.",
      "A prompt test times one prompt, whatever -npl says.",
    ])

  static func run(_ arguments: Arguments) throws {
    let machine = MachineDescription.read()
    let request = try BenchRequest(arguments, on: machine)
    let plan = try BenchPlan(request)
    var models = BenchModels(try BenchOptions.models(arguments), words: BenchOptions.modelWords(arguments))
    try models.look()
    let energy = try EnergyAccountant(EnergyOptions(arguments, on: machine), machine: machine)
    for warning in energy.warnings { Console.note(warning.message) }
    var output = try BenchOutput(arguments, request, processor: machine.modelName)
    Interruption.listen()
    let processes = try arguments.integer(BenchOptions.processes, in: 1...10_000)
    if let processes {
      let words = models.usable.map(\.words)
      models.attempt {
        try BenchProcesses.run(
          plan, models: words, processes: processes, record: { try output.add($0) },
          finished: { try output.add($0) })
      }
    }
    for model in models.usable where processes == nil && !Interruption.isRequested {
      models.attempt {
        CampaignProgress.show(.preparing(.load))
        let workbench = try Workbench.load(model.choice, request.settings, machine)
        let campaign = BenchCampaign(
          plan, on: workbench, toolVersion: Version.current, energy: energy, cancellation: Interruption.wish,
          observer: CampaignProgress.show)
        _ = try campaign.run(record: { try output.add($0) }, finished: { try output.add($0) })
      }
    }
    try output.end()
    if Interruption.isRequested {
      throw Failure(.interrupted, "interrupted; the tests that had finished are printed")
    }
    if let failure = models.failures.first { throw Failure(failure.code) }
  }
}

/// The models of a list. One that fails is reported and passed over, so that the others have their rows and what is printed has
/// its end; the command then ends as the first failure says.
private struct BenchModels {
  private(set) var usable: [(choice: ModelChoice, words: [String])]
  private(set) var failures: [Failure] = []

  init(_ choices: [ModelChoice], words: [[String]]) { usable = Array(zip(choices, words)).map { ($0.0, $0.1) } }

  /// Opens each before anything is run. Throws where none is left.
  mutating func look() throws {
    for index in usable.indices.reversed() {
      do {
        _ = try usable[index].choice.open()
      } catch {
        let failure = Failure(error)
        if usable.count == 1 { throw failure }
        failures.insert(failure, at: 0)
        if let message = failure.message { Console.note(message) }
        usable.remove(at: index)
      }
    }
  }

  mutating func attempt(_ body: () throws -> Void) {
    do {
      try body()
    } catch {
      let failure = Failure(error)
      failures.append(failure)
      if let message = failure.message { Console.note(message) }
    }
  }
}

/// The rows of a bench as they come, on standard output and, where asked for, in another form on standard error.
private struct BenchOutput {
  /// Nil where the records themselves are printed.
  private var printer: LlamaBenchPrinter?
  private var errorPrinter: LlamaBenchPrinter?
  private let processor: String
  private var hasBegun = false
  /// Codes of what was said of energy already.
  private var said: Set<String> = []

  init(_ arguments: Arguments, _ request: BenchRequest, processor: String) throws {
    let formats = LlamaBenchFormat.allCases.map { ($0.rawValue, $0) }
    let format = try arguments.choice(BenchOptions.output, formats.map { ($0.0, Optional($0.1)) } + [("runs", nil)])
    let varying = request.varying
    printer = (format ?? (arguments.contains(.json) ? .json : .md)).map {
      LlamaBenchPrinter(format: $0, varying: varying)
    }
    let errorFormat = try arguments.choice(BenchOptions.errorOutput, formats + [("none", nil)])
    errorPrinter = (errorFormat ?? nil).map { LlamaBenchPrinter(format: $0, varying: varying) }
    self.processor = processor
  }

  /// Prints the header, but not before there is a row, so that an error leaves nothing behind.
  private mutating func begin() throws {
    if hasBegun { return }
    hasBegun = true
    if let printer { try Console.print(printer.header()) }
    if let errorPrinter { Console.remark(errorPrinter.header()) }
  }

  func add(_ run: RunRecord) throws {
    if printer == nil { try Console.print(JSONText.of(run)) }
  }

  mutating func add(_ result: BenchResult) throws {
    guard let bench = BenchSummary(result.shape, repetitions: result.repetitions) else {
      return Console.note("\(result.shape.name): took less time than the clock can tell; ask for more tokens")
    }
    let row = LlamaBenchRow(bench, build: Version.build, processor: processor)
    try begin()
    if let text = printer?.row(row) { try Console.print(text) }
    if let text = errorPrinter?.row(row) { Console.remark(text) }
    for warning in bench.warnings { Console.note("\(result.shape.name): \(warning.message)") }
    for run in result.repetitions.flatMap(\.self) {
      // A window that was too short is not a fault to report; the record holds it.
      let code = run.energyAbsentCode.flatMap { $0 == EnergyAbsence.Code.windowTooShort.rawValue ? nil : $0 }
      let absence = code.map { Warning(code: $0, message: run.energyAbsentReason ?? "absent") }
      for warning in (run.energy?.warnings ?? []) + [absence].compactMap(\.self)
      where said.insert(warning.code).inserted {
        Console.note("energy: \(warning.message)")
      }
    }
  }

  mutating func end() throws {
    try begin()
    if let printer { try Console.print(printer.footer(Version.build)) }
    if let errorPrinter { Console.remark(errorPrinter.footer(Version.build)) }
  }
}
