import Engine
import Glibc
import Quantities
import Records
import Reporting

/// `score`: how well a model predicts a text, the quality that a cost is set against.
enum Score: Verb {
  private static let text = Option("--text", value: "TEXT", help: "the text, byte for byte")
  private static let file = Option(
    "-f", "--file", value: "FILE", help: "a file that holds the text; - for standard input")
  private static let special = Option("--special", help: "read control tokens from their spelling in the text")
  private static let top = Option("--top", value: "K", help: "list the K likeliest next tokens after the text")

  static let syntax = Syntax(
    "score", summary: "say how well a model predicts a text, token by token",
    usage: ["-m FILE (--text TEXT | --file FILE) [OPTION…]"],
    groups: [
      OptionGroup("Text", [.model, text, file, special, top]), .engine,
    ],
    notes: [
      "Prints the mean negative log-likelihood of the text's tokens in nats, each given all before it. With --json: "
        + "tokens, nll (one value fewer), mean_nll, top as pairs of token and log-probability, and warnings."
    ])

  static func run(_ arguments: Arguments) throws {
    let listed = try arguments.integer(top, in: 1...1000)
    let bytes = try TextInput.bytes(arguments, text: text, file: file, dash: false)
    Interruption.listen()
    let model = try TextModel(arguments)
    let (tokens, warnings) = try model.encode(bytes, special: arguments.contains(special), as: .whole)
    guard !tokens.isEmpty else { throw Failure(.badData, "the text: has no token; give some text") }
    var result = try evaluate(tokens, of: model, listed: listed)
    if !warnings.isEmpty { result.warnings = warnings }
    if arguments.contains(.json) {
      try Console.print(JSONText.of(result))
    } else {
      try Console.show(page(result, model))
    }
  }

  private struct Result: Encodable {
    var tokens: [Int32]
    /// The negative log-likelihood of each token but the first, given those before it, in nats.
    var nll: [Double]
    /// Nil where there is nothing to predict.
    var meanNll: Double?
    var top: [TokenProbability]?
    /// What is doubtful about the file or the text; nil where nothing is.
    var warnings: [String]?
  }

  private static func evaluate(_ tokens: [Int32], of model: TextModel, listed: Int?) throws -> Result {
    let engine = try model.engine(tokens: tokens.count)
    var nll: [Double] = []
    nll.reserveCapacity(tokens.count)
    var top: [TokenProbability]?
    var isBroken = false
    // The text goes in parts, so that Ctrl-C need not wait for a long text.
    for start in stride(from: 0, to: tokens.count, by: Engine.maximumLogitRows) {
      if Interruption.isRequested { throw Failure(.interrupted, "interrupted; a part of a text has no score") }
      Console.progress("\(start) of \(tokens.count) tokens")
      let end = min(start + Engine.maximumLogitRows, tokens.count)
      try engine.evaluate(Array(tokens[start..<end])) { index, logits in
        let distribution = LogProbabilities(logits)
        let next = start + index + 1
        if next < tokens.count { nll.append(-distribution[tokens[next]]) }
        if !distribution.isFinite || nll.last?.isFinite == false { isBroken = true }
        if next == tokens.count { top = listed.map { distribution.top($0) } }
      }
    }
    guard !isBroken else { throw model.notFinite }
    let mean = nll.isEmpty ? nil : nll.reduce(0, +) / Double(nll.count)
    return Result(tokens: tokens, nll: nll, meanNll: mean, top: top)
  }

  private static func page(_ result: Result, _ model: TextModel) -> ReportPage {
    var page = ReportPage()
    page.field("tokens", "\(result.tokens.count)")
    if let mean = result.meanNll {
      page.field("mean nll", "\(mean.fixed(4)) nats a token")
      page.field("perplexity", exp(mean).fixed(3))
    } else {
      page.field("mean nll", "none: one token predicts nothing")
    }
    guard let top = result.top else { return page }
    var table = TextTable([TextTable.figure("token"), TextTable.figure("probability"), TextTable.text("text")])
    for entry in top {
      let piece = String(decoding: model.tokenizer.piece(entry.token), as: UTF8.self).printable
      table.add(["\(entry.token)", (exp(entry.logProbability) * 100).fixed(2) + " %", piece])
    }
    page.table("Likeliest next tokens", table)
    return page
  }
}
