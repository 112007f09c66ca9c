import Analysis
import Campaign
import Machine
import Pricing
import Records
import Reporting

/// `measure`: what a token of a model costs on this machine, written down with every sample.
enum Measure: Verb {
  private static let results = Option(
    "--results", value: "DIR", help: "where DATE-MACHINE/ is made for this measurement (Results)")
  private static let resume = Option("--resume", value: "DIR", help: "go on with an interrupted measurement")
  private static let budget = Option("--budget", value: "TIME", help: "how long measuring may take: 90s, 5m (60s)")
  private static let until = Option(
    "--until", value: "FIGURE",
    help:
      "end when a price is known that well, and until then make the runs that tell most of it in a second: '$/M output ± 3 %', input, a mix such as chat, or 'ratio ± 5 %'"
  )
  private static let quick = Option("--quick", help: "a rough figure in a few seconds")
  private static let contexts = Option(
    "--contexts", value: "N,…", help: "lengths of prompts, and contexts after which tokens are decoded")
  private static let processes = Option(
    "--processes", value: "N",
    help: "make the runs in N processes, one after another, each a unit of its own (in this one)")
  private static let windows = Option(
    "--windows", value: "K",
    help:
      "divide the work into K windows of time, the units of every interval (as many as fit, \(MeasureRequest.standardWindows) at most)"
  )
  private static let over = Option(
    "--over", value: "TIME", help: "spread the windows over 90s, 30m or 1h, and sleep between them (not)")
  private static let process = Option(
    "--process", value: "N", help: "with --resume: only the runs of process N, as --processes has them made")
  private static let cached = Option(
    "--cached", value: "N,…",
    help: "tokens in the cache before prompts are read: what a cached prompt costs (1024; none with --contexts)")
  private static let threads = Option(
    "--other-threads", value: "N,…", help: "measure with these numbers of threads too, to see which is cheapest")
  private static let slices = Option(
    "--slice", value: "N,…",
    help:
      "measure that many of the first layers instead of all, and extrapolate in depth: 2,4,6 for a model of any size")
  private static let html = Option("--html", help: "open the report as a page in a browser when it is done")
  private static let task = Option(
    "--task", value: "I/N",
    help: "make part I of N of the points, as an array of jobs does; merge joins them (inferometer help fleets)")
  private static let noHistory = Option(
    "--no-history", help: "neither read nor write what this machine gave at other times (machine --history)")
  private static let sequences = Option("-npl", value: "N,…", help: "sequences that decode at once (2,4,8)")

  static let syntax = Syntax(
    "measure", summary: "measure a model, fit its cost curves, price its tokens, write a report",
    usage: ["[-m FILE | --preset NAME] [OPTION…]", "--resume DIR"],
    groups: [
      .model,
      OptionGroup(
        "Measurement",
        [
          budget, until, quick, contexts, cached, sequences, threads, slices, windows, over, processes, task, results,
          html,
          noHistory, resume, process,
        ]),
      .price, .energy,
      .engine,
    ],
    notes: [
      "Without a model: the shape of \(standardName) with random weights. Ctrl-C keeps every run that was finished; "
        + "--resume goes on."
    ])

  private static var standardName: String {
    if case .preset(let name, let format, _) = ModelChoice.standard.origin { return "\(name) in \(format.rawValue)" }
    return "a small model"
  }

  static func run(_ arguments: Arguments) throws {
    let machine = MachineDescription.read()
    // Whatever is wrong with the price is said before a minute has passed.
    let price = try PriceOptions(arguments)
    let campaign = try campaign(arguments, machine)
    Interruption.listen()
    if campaign.part != nil { return try runPart(campaign) }
    let outcome =
      if let processes = campaign.plan.processes {
        try campaign.run(processes: processes) { try Child.measure($0, of: processes, in: campaign.directory) }
      } else {
        try campaign.run(aim: campaign.plan.until.flatMap { aim($0, machine) })
      }
    Console.clearProgress()
    guard let directory = outcome.directory else {
      throw Failure(.interrupted, "interrupted before a run was finished; nothing was kept")
    }
    let history = arguments.contains(noHistory) ? nil : MachineHistory(fingerprint: machine.fingerprint)
    let earlier = history.flatMap { history in remembering { try history.sittings() } } ?? []
    var results = try Results.load(directory.path)
    results.warnings += outcome.warnings
    let setups = Set(SummaryBuilder.summary(of: results).subjects.compactMap(\.historyName))
    results.history = earlier.filter { setups.contains($0.setup) }
    if !results.history.isEmpty { try directory.writeHistory(results.history) }
    try Checksums.write(in: directory)
    if !outcome.isInterrupted, let task = campaign.plan.task {
      try MeasureTaskState(campaign: campaignName, task: "\(task)", isComplete: true).write(in: directory)
    }
    let summary = SummaryBuilder.summary(
      of: results, tariff: try price.tariff(processors: machine.processors, of: machine.modelName))
    if let history, !outcome.isInterrupted {
      remembering { try history.append(summary.sittings(at: Timestamp.utc(), on: machine.fingerprint)) }
    }
    var page = ReportPage(summary)
    try ReportFiles.write(page, to: directory)
    if outcome.isInterrupted {
      throw Failure(
        .interrupted,
        "interrupted; \(outcome.records.count) runs are kept, go on with: inferometer measure --resume \(directory.path)"
      )
    }
    if arguments.contains(.json) { return try Console.print(summary.json()) }
    page.add(.space)
    page.field("written", "\(directory.path)/report.html, report.md")
    try Console.show(page)
    if arguments.contains(html) { try Report.show("\(directory.path)/report.html") }
  }

  /// A history that cannot be read or written spoils no measurement.
  @discardableResult
  private static func remembering<Value>(_ body: () throws -> Value) -> Value? {
    do {
      return try body()
    } catch {
      Console.note("\(error); this measurement goes on without the machine's history")
      return nil
    }
  }

  private static func campaign(_ arguments: Arguments, _ machine: MachineDescription) throws -> MeasureCampaign {
    if let path = arguments.string(resume) {
      let part = try self.part(arguments)
      let allowed =
        [resume, html, noHistory, .json, .pricePerHour, .utilisation] + (part == nil ? [] : [process, budget])
      let others = arguments.occurrences.filter { !allowed.contains($0.option) }
      if let other = others.first {
        throw UsageError(other.option, "has no meaning beside --resume, which goes by what was begun; leave it out")
      }
      let isPart = part != nil
      return try reading {
        try MeasureCampaign.resume(
          path, part: part, toolVersion: Version.current, machine: machine, cancellation: Interruption.wish,
          observer: { isPart ? Parent.watch() : observe($0) })
      }
    }
    let root = arguments.string(results) ?? "Results"
    let request = try request(arguments, machine)
    if let task = request.task, let path = task.begun(at: root, on: machine.fingerprint) {
      Console.note("\(path): is gone on with")
      return try reading {
        try MeasureCampaign.resume(
          path, toolVersion: Version.current, machine: machine, cancellation: Interruption.wish, observer: observe)
      }
    }
    if arguments.contains(process) { throw UsageError(process, "has a meaning with --resume only; leave it out") }
    let campaign = try MeasureCampaign.begin(
      request, results: root, command: ["inferometer"] + CommandLineWords.read(), toolVersion: Version.current,
      machine: machine, cancellation: Interruption.wish, observer: observe)
    if let task = request.task {
      try MeasureTaskState(campaign: campaignName, task: "\(task)", isComplete: false).write(in: campaign.directory)
    }
    return campaign
  }

  /// What a measurement that ends with a price is told of it.
  private static func aim(_ text: String, _ machine: MachineDescription) -> MeasureAim? {
    guard let goal = PriceGoal(text) else { return nil }
    let card = MachineCard(machine)
    return MeasureAim(text) { runs in
      let standing = goal.standing(of: Results(machine: card, runs: runs))
      let parts = [(MeasureAim.Kind.prompts, standing.input), (.steps, standing.output)].compactMap { kind, part in
        part.map { (kind, MeasureAim.Standing.Part(variance: $0.variance, windows: $0.units)) }
      }
      return MeasureAim.Standing(
        halfWidth: standing.halfWidth, isReached: standing.isReached,
        parts: Dictionary(uniqueKeysWithValues: parts))
    }
  }

  /// What the tasks of one measurement share: their command without the task.
  private static var campaignName: String {
    get throws {
      var words = try CommandLineWords.read()
      while let place = words.firstIndex(where: { $0 == task.name || $0.hasPrefix(task.name + "=") }) {
        words.removeSubrange(place..<min(words.count, place + (words[place] == task.name ? 2 : 1)))
      }
      return words.joined(separator: " ")
    }
  }

  private static func part(_ arguments: Arguments) throws -> MeasurePart? {
    let last = MeasureRequest.processRange.upperBound - 1
    guard let number = try arguments.integer(process, in: 0...last) else { return nil }
    return MeasurePart(process: number, seconds: try arguments.seconds(budget, atLeast: 0) ?? 60)
  }

  /// One process of several: it prints what a reader has to know, for the one that started it, and ends when that one has.
  private static func runPart(_ campaign: MeasureCampaign) throws {
    let outcome = try campaign.run()
    try Console.print(outcome.warnings.map { try JSONText.of($0) }.joined())
    if outcome.isInterrupted { throw Failure(.interrupted) }
  }

  /// Notes stand in the report.
  private static func observe(_ event: CampaignEvent) {
    if case .noted = event { return }
    CampaignProgress.show(event)
  }

  private static func request(_ arguments: Arguments, _ machine: MachineDescription) throws -> MeasureRequest {
    var request = MeasureRequest(
      model: try ModelChoice(arguments), settings: try EngineSettings(arguments, on: machine))
    if arguments.contains(quick) {
      request.budgetSeconds = 10
      request.contexts = [0, 32, 128, 256]
      request.sequences = []
      request.cached = []
      request.repetitions = 3
    }
    request.budgetSeconds = try arguments.seconds(budget, atLeast: 1) ?? request.budgetSeconds
    if let occurrence = arguments.last(until) {
      guard PriceGoal(occurrence.value) != nil else {
        throw occurrence.error(
          "is no price with a width; write '$/M output ± 3 %', with input or a mix (\(Mix.named.map(\.name).joined(separator: ", "))) for output, or 'ratio ± 5 %'"
        )
      }
      for other in [processes, slices, threads] where arguments.contains(other) {
        throw UsageError(other, "has no meaning beside \(until.name), which is of one setup in one process")
      }
      request.until = occurrence.value
      // Runs that the price is not made of are left out.
      request.sequences = []
    }
    request.windows = try arguments.integer(windows, in: MeasureRequest.windowRange)
    request.overSeconds = try arguments.seconds(over)
    if let occurrence = arguments.last(task) {
      guard let part = MeasureTask(occurrence.value) else {
        throw occurrence.error("is no part of a measurement; write 3/20 for the third of twenty")
      }
      for other in [processes, until] where arguments.contains(other) {
        throw UsageError(other, "has no meaning beside \(task.name), whose points are of many jobs")
      }
      request.task = part
    }
    request.processes = try arguments.integer(processes, in: MeasureRequest.processRange)
    request.contexts = try arguments.integers(contexts, in: 0...1 << 24) ?? request.contexts
    request.sequences = try arguments.integers(sequences, in: 1...4096) ?? request.sequences
    request.cached = try arguments.integers(cached, in: 1...1 << 24) ?? request.cached
    request.otherThreads = try arguments.integers(threads, in: EngineSettings.threadRange) ?? []
    if let numbers = try arguments.integers(slices, in: 1...1 << 16).map({ Set($0).sorted() }), let most = numbers.last
    {
      if request.model.layers != nil { throw UsageError(slices, "says already how many layers; leave out --layers") }
      request.model.layers = most
      request.model.isSlice = true
      request.slices = numbers.dropLast()
      request.sequences = request.sequences ?? []
    }
    request.energy = try EnergyOptions(arguments, on: machine)
    request.seed = UInt64(try arguments.integer(.seed, in: 0...Int.max) ?? 1)
    request.settings.tuning = TuningChoice.measuredOnce(
      try reading { try request.model.open() }.matrixFormats, arguments, for: request.settings, on: machine)
    return request
  }
}
