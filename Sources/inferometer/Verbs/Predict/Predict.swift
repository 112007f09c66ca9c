import Analysis
import Campaign
import Fleet
import KernelTiming
import Kernels
import Machine
import Model
import Pricing
import Records
import Reporting

/// `predict`: what a prompt and a step would take where they were not measured.
enum Predict: Verb {
  private static let prompt = Option("--prompt", value: "N", help: "tokens of the prompt (512)")
  private static let cached = Option("--cached", value: "N", help: "tokens in the cache before the prompt (0)")
  private static let context = Option("--context", value: "N", help: "tokens in the cache before the step (512)")
  private static let sequences = Option("--batch", value: "N", help: "sequences that share the step (1)")
  private static let target = Option(
    "--target", value: "N",
    help:
      "how long a context and how many sequences allow 20tok/s or 50ms for each reader, or make a million tokens cost $0.1"
  )
  private static let from = Option(
    "--from", value: "kernels",
    help: "time each kernel that the prompt and the step call, and set their sum beside what DIR says of the whole")
  private static let preset = Option(
    "--preset", value: "NAME",
    help: "without DIR, of --from kernels or --prior: the shape of a well-known model, in --format (Q4_0)")
  private static let prior = Option(
    "--prior", value: "FILE",
    help: "instead of DIR: what other people's servers say of this machine; Results/fleet has such a prior")
  private static let bandwidth = Option(
    "--bandwidth", value: "GB/s", help: "with --prior: what all threads of this machine read from memory")
  private static let bench = Option(
    "--bench", value: "FILE", help: "with --prior: llama-bench's rows of a small model on this machine")
  private static let shape = Option(
    "--shape", value: "KEY=N,…",
    help:
      "with --prior: a model by its layers, width, feed-forward, heads, vocabulary; and kv-heads, head-size, tied (1), bits a weight (4.5)"
  )
  private static let seconds = Option(
    "--seconds", value: "S", help: "with --from kernels: how long each is timed (0.3)")
  private static let keep = Option(
    "--keep", help: "with --from kernels: keep the sums in DIR, so that its report shows them")
  private static let model = Option("--model", value: "TEXT", help: "only models whose name or file has this in it")
  private static let format = Option("--format", value: "TYPE", help: "only weights of this format")
  private static let threads = Option("-t", "--threads", value: "N", help: "only what ran on so many threads")

  static let syntax = Syntax(
    "predict", summary: "say what a prompt and a step would take, from a measurement",
    usage: [
      "DIR [OPTION…]", "--from kernels [DIR | --model FILE | --preset NAME] [OPTION…]",
      "--prior FILE [--preset NAME | --shape KEY=N,…] [OPTION…]",
    ],
    groups: [
      OptionGroup("Question", [prompt, cached, context, sequences, target]),
      OptionGroup("Of what was measured", [model, format, threads]),
      OptionGroup("From kernels alone", [from, preset, seconds, keep]),
      OptionGroup("From other people's servers", [prior, bandwidth, bench, shape]), .price,
    ], operands: ["DIR"],
    notes: [
      "Answers come from the curves that were fitted to DIR, as paid, with their intervals and the terms that they are made "
        + "of. Up to \(Int(Prediction.reach)) times beyond what was measured an answer is marked and its interval wider; "
        + "farther, and along what was never varied, there is none. The command that would settle it stands below.",
      "A model that was never run: measure a few of its layers, with measure --preset NAME --slice 2,4,6.",
    ])

  static func run(_ arguments: Arguments) throws {
    let price = try PriceOptions(arguments)
    let lengths = 1...1 << 24
    let question = Question(
      promptTokens: try arguments.integer(prompt, in: lengths) ?? 512,
      cachedTokens: try arguments.integer(cached, in: 0...1 << 24) ?? 0,
      contextTokens: try arguments.integer(context, in: 0...1 << 24) ?? 512,
      sequences: try arguments.integer(sequences, in: 1...1 << 20) ?? 1)
    let goal = try arguments.last(target).map { occurrence in
      guard let goal = Target(occurrence.value) else {
        throw occurrence.error("is neither a speed, a time nor a price; write 20tok/s, 50ms or $0.1")
      }
      return goal
    }
    if try arguments.choice(from, [("kernels", true)]) == true {
      return try runFromKernels(question, arguments, price)
    }
    for option in [seconds, keep] where arguments.contains(option) {
      throw UsageError(option, "has a meaning with \(from.name) kernels only")
    }
    if let path = arguments.string(prior) { return try runFromPrior(path, question, arguments) }
    for option in [bandwidth, bench, shape] where arguments.contains(option) {
      throw UsageError(option, "has a meaning with \(prior.name) only")
    }
    if arguments.contains(preset) {
      throw UsageError(preset, "has a meaning with \(from.name) kernels or \(prior.name) only")
    }
    guard let path = arguments.operands.first else { throw UsageError("DIR", "name a results directory") }
    let results = try reading { try Results.load(path) }
    let summary = SummaryBuilder.summary(
      of: results, tariff: try price.tariff(processors: results.processors, of: results.machine?.name))
    let subjects = try asked(arguments, of: summary, path)
    let predictions = subjects.map { Prediction(question, target: goal, $0) }
    if arguments.contains(.json) { return try Console.print(JSONText.of(predictions, pretty: true)) }
    var page = ReportPage()
    for (index, (prediction, subject)) in zip(predictions, subjects).enumerated() {
      if index > 0 { page.add(.space) }
      page.add(prediction, tariff: subject.price.tariff.label)
    }
    try Console.show(page)
  }

  private static func runFromKernels(_ question: Question, _ arguments: Arguments, _ price: PriceOptions) throws {
    for option in [sequences, target] where arguments.contains(option) {
      throw UsageError(option, "has no meaning with \(from.name) kernels, which are of one sequence")
    }
    let machine = MachineDescription.read()
    var subject: SubjectSummary?
    let choice: ModelChoice
    if let path = arguments.operands.first {
      if arguments.contains(preset) { throw UsageError(preset, "has no meaning beside \(path), which names its model") }
      let results = try reading { try Results.load(path) }
      let found = try asked(arguments, of: SummaryBuilder.summary(of: results), path)
      guard let first = found.first, found.count == 1 else {
        throw UsageError(
          model, "\(found.count) of \(path) are asked for; name one with it, \(format.name) or \(threads.name)")
      }
      if results.machine?.fingerprint != machine.fingerprint {
        Console.note("\(path) is of another machine than these kernels: what is left over is not its own")
      }
      subject = first
      choice = try ModelChoice(of: first.model)
    } else {
      choice = try ModelChoice(
        preset: arguments.string(preset), format: arguments.string(format), path: arguments.string(model))
    }
    let settings = EngineSettings.standard(on: machine)
    let source = try reading { try choice.open() }
    let count = try arguments.integer(threads, in: 1...1 << 16) ?? subject?.configuration.threads ?? settings.threads
    let identity = choice.identity(of: source)
    let closures = try PredictFromKernels(
      name: subject?.closureName ?? "\(identity.name) \(identity.format), \(count) threads", source: source,
      question: question, threads: count,
      tuning: MachineCache(of: machine).loaded(MeasuredTuning.load)?.tuning ?? .standard, subject: subject,
      secondsEach: try arguments.number(seconds, in: 0.001...3600) ?? 0.3
    ).closures()
    if arguments.contains(keep) {
      guard let path = arguments.operands.first else { throw UsageError(keep, "needs a DIR to keep the sums in") }
      let directory = try ResultsDirectory(existing: path)
      let others = try reading { try Results.load(path) }.closures.filter { $0.subject != closures[0].subject }
      try Closure.keep(others + closures, in: directory)
    }
    if arguments.contains(.json) { return try Console.print(JSONText.of(closures, pretty: true)) }
    let tariff = try price.tariff(processors: machine.processors, of: machine.modelName)
    var page = ReportPage()
    page.field("model", closures[0].subject)
    page.field("host", tariff.label)
    for closure in closures { page.add(closure, tariff) }
    try Console.show(page)
  }

  private static func runFromPrior(_ path: String, _ question: Question, _ arguments: Arguments) throws {
    for option in [cached, context, sequences, target, model, threads] where arguments.contains(option) {
      throw UsageError(option, "has no meaning with \(prior.name), whose servers ran one sequence in an empty cache")
    }
    if arguments.contains(shape), arguments.contains(preset) {
      throw UsageError(shape, "has no meaning beside \(preset.name); leave one of them out")
    }
    if let operand = arguments.operands.first {
      throw UsageError("'\(operand)'", "is not expected: \(prior.name) is of this machine")
    }
    var models = ModelShape.all
    if let occurrence = arguments.last(shape) {
      guard let written = ModelShape(written: occurrence.value) else {
        throw occurrence.error(
          "is no shape; write layers=32,width=4096,feed-forward=14336,heads=32,kv-heads=8,vocabulary=128256")
      }
      models = [written]
    } else if let name = arguments.string(preset) {
      models = [try ModelShape(ModelChoice(preset: name, format: arguments.string(format), path: nil))]
    }
    let foretold = PredictFromPrior(
      prior: try reading { try PriorFile.read(path) }, machine: MachineDescription.read(),
      bandwidth: try arguments.number(bandwidth, in: 0.1...1e5).map { $0 * 1e9 },
      rows: try arguments.string(bench).map { try PredictFromPrior.rows($0) } ?? [])
    let answers = foretold.answers(models, promptTokens: question.promptTokens)
    if arguments.contains(.json) { return try Console.print(JSONText.of(answers, pretty: true)) }
    try Console.show(foretold.page(answers))
  }

  private static func asked(_ arguments: Arguments, of summary: Summary, _ path: String) throws -> [SubjectSummary] {
    let threads = try arguments.integer(threads, in: 1...1 << 16)
    let subjects = summary.subjects.filter { subject in
      let identity = subject.model
      return arguments.string(model).map { text in
        [identity.name, identity.source].contains { $0.lowercased().contains(text.lowercased()) }
      } ?? true
        && arguments.string(format).map { $0.lowercased() == identity.format.lowercased() } ?? true
        && threads.map { $0 == subject.configuration.threads } ?? true
    }
    if subjects.isEmpty {
      let known = summary.subjects.map { "\($0.model.name) \($0.model.format) on \($0.configuration.threads) threads" }
      throw Failure(
        .badData, "\(path): nothing measured is what was asked for; it has \(known.joined(separator: ", "))".printable)
    }
    return subjects
  }
}
