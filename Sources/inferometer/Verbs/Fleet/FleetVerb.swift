import Fleet
import Quantities
import Records
import Reporting

/// `fleet`: what many servers that others measured say of one that nobody has.
enum FleetVerb: Verb {
  private static let servers = Option(
    "--servers", value: "FILE", help: "what is known of the servers without a model: one JSON object a line")
  private static let output = Option("-o", value: "FILE", help: "where fit writes the prior")
  private static let source = Option("--source", value: "TEXT", help: "whose data these are and their licence, for fit")
  private static let server = Option("--server", value: "NAME", help: "with predict: only this server of FILE")
  private static let validate = Option(
    "--folds", value: "N",
    help: "with fit: parts into which servers are divided to see how well others foretell them (10)")
  private static let families = Option(
    "--families", help: "with fit: leave out all servers of one processor together")

  static let syntax = Syntax(
    "fleet", summary: "learn from other people's servers how fast one runs that nobody measured",
    usage: [
      "fit DATA --servers FILE -o PRIOR", "check PRIOR DATA --servers FILE",
      "predict PRIOR [DATA] --servers FILE [--server NAME]",
    ],
    groups: [
      OptionGroup("Data", [servers, server, output, source]), OptionGroup("Validation", [validate, families]),
    ],
    operands: ["fit|check|predict", "FILE…"],
    notes: [
      "DATA are rows of llama-bench, one JSON object a line, with srv, model_filename, model_size, model_n_params, n_prompt, "
        + "n_gen, n_threads and avg_ts, as Spare Cores' are passed on. fit writes parameters, not rows, and prints how well "
        + "servers were foretold by a prior that did not know them. check asks a prior about servers that it has not seen.",
      "Errors are |foretold / measured − 1| of tokens a second. in 90 % counts how often the 90 % interval holds what was "
        + "measured. kept is the share of rows of which a small error was stated, with their mean error.",
      "predict says what well-known models would do on servers of which only FILE is known, or also what DATA has of them; ? "
        + "marks an answer whose stated error is so large that a minute of measuring is better.",
    ])

  static func run(_ arguments: Arguments) throws {
    switch arguments.operands.first {
    case "fit": try fit(arguments)
    case "check": try check(arguments)
    case "predict": try predict(arguments)
    default: throw UsageError("fleet", "say fit, check or predict")
    }
  }

  private static func fit(_ arguments: Arguments) throws {
    guard arguments.operands.count == 2 else { throw UsageError("fit", "name one file of rows") }
    guard let path = arguments.string(output) else { throw UsageError(output, "is needed: where to write the prior") }
    let fleet = try servers(arguments, arguments.operands[1])
    guard fleet.count >= 20 else {
      throw Failure(
        .badData, "\(arguments.operands[1]): has \(fleet.count) servers of known models; a fleet has at least 20")
    }
    let folds = try arguments.integer(validate, in: 2...100) ?? 10
    Interruption.listen()
    let trials = try FleetTrial.crossValidated(fleet, folds: folds, byProcessor: arguments.contains(families)) { fold in
      if Interruption.isRequested { throw Failure(.interrupted, "interrupted; nothing was written") }
      Console.progress("part \(fold + 1) of \(folds)")
    }
    var prior = FleetPrior(fleet, source: arguments.string(source) ?? "not stated")
    prior.calibration = FleetTrial.calibration(trials)
    try reading { try PriorFile.write(prior, to: path) }
    try show(FleetScore.all(trials, calibration: prior.calibration), arguments)
  }

  private static func check(_ arguments: Arguments) throws {
    guard arguments.operands.count == 3 else { throw UsageError("check", "name a prior and a file of rows") }
    let prior: FleetPrior = try reading { try PriorFile.read(arguments.operands[1]) }
    let fleet = try servers(arguments, arguments.operands[2])
    let trials = fleet.flatMap { FleetTrial.all(of: $0, prior) }
    if trials.isEmpty {
      throw Failure(
        .badData, "\(arguments.operands[2]): no server has a test that a prior can be asked: tg128 or pp512")
    }
    try show(FleetScore.all(trials, calibration: prior.calibration), arguments)
  }

  private static func predict(_ arguments: Arguments) throws {
    guard (2...3).contains(arguments.operands.count) else {
      throw UsageError("predict", "name a prior, and rows if there are any")
    }
    let prior: FleetPrior = try reading { try PriorFile.read(arguments.operands[1]) }
    guard let path = arguments.string(servers) else {
      throw UsageError(servers, "is needed: what is known of the servers")
    }
    let known = try reading { try SpareCoresLog.servers(path) }
    let rows = arguments.operands.count == 3 ? try reading { try SpareCoresLog.rows(arguments.operands[2]) } : []
    let measured = Dictionary(
      FleetServer.all(rows: rows, servers: known).servers.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first }
    )
    let asked = known.filter { arguments.string(server) == nil || $0.srv == arguments.string(server) }
    if asked.isEmpty { throw Failure(.badData, "\(path): has no server of that name") }
    let answers = asked.map { server in
      let features =
        measured[server.srv]?.features
        ?? FleetServer.Features(server, threads: max(1, (server.cpus / (server.threadsPerCore ?? 1)).rounded()))
      return ServerAnswers(
        server: server.srv,
        answers: prior.predict(FleetServer.Row.standard, from: measured[server.srv]?.rows ?? [], of: features))
    }
    if arguments.contains(.json) { return try Console.print(JSONText.of(answers, pretty: true)) }
    var page = ReportPage()
    for (index, server) in answers.enumerated() {
      if index > 0 { page.add(.space) }
      page.table(server.server, PredictFromPrior.table(server.answers))
    }
    page.add(.note("Foretold, not measured: a prior fitted to \(prior.servers) servers, data of \(prior.source)."))
    try Console.show(page)
  }

  private struct ServerAnswers: Encodable {
    var server: String
    var answers: [FleetPrior.Answer]
  }

  private static func servers(_ arguments: Arguments, _ rows: String) throws -> [FleetServer] {
    guard let features = arguments.string(servers) else {
      throw UsageError(servers, "is needed: what is known of the servers")
    }
    let (found, models, unknown) = FleetServer.all(
      rows: try reading { try SpareCoresLog.rows(rows) }, servers: try reading { try SpareCoresLog.servers(features) })
    for (model, count) in models.sorted(by: { $0.key < $1.key }) {
      Console.note("\(rows): \(count) rows of \(model) are left out: its shape is not known")
    }
    if unknown > 0 { Console.note("\(features): does not know \(unknown) servers of \(rows), which are left out") }
    return found
  }

  private static func show(_ scores: [FleetScore], _ arguments: Arguments) throws {
    if arguments.contains(.json) { return try Console.print(JSONText.of(scores, pretty: true)) }
    var page = ReportPage()
    for (index, task) in scores.map(\.task).reduce(into: [String](), { if !$0.contains($1) { $0.append($1) } })
      .enumerated()
    {
      if index > 0 { page.add(.space) }
      var table = TextTable([
        TextTable.text("test"), TextTable.figure("rows"), TextTable.figure("mean"), TextTable.figure("median"),
        TextTable.figure("p90"), TextTable.figure("in 90 %"), TextTable.figure("kept"), TextTable.figure("mean kept"),
      ])
      func percent(_ share: Double) -> String { "\((share * 100).fixed(1)) %" }
      for score in scores where score.task == task {
        table.add([
          score.test, "\(score.rows)", percent(score.mean), percent(score.median), percent(score.p90),
          percent(score.coverage), percent(score.kept), percent(score.keptMean),
        ])
      }
      page.table(task, table)
    }
    try Console.show(page)
  }
}
