import CostCurves
import Pricing
import Records
import Reporting
import Statistics

/// What `price` prints for one model in one setup, or for times that were given.
struct PriceList: Encodable {
  struct Blend: Encodable {
    var name: String
    var inputShare: Double
    var dollarsPerMillionTokens: Estimate
  }

  struct TaskCost: Encodable {
    var inputTokens: Int
    var outputTokens: Int
    var seconds: Estimate
    var dollars: Estimate
  }

  private(set) var model: ModelIdentity?
  private(set) var configuration: RunConfiguration?
  private(set) var tariff: Tariff
  /// Where on the curves the tokens are priced; nil for given times.
  private(set) var promptTokens: Int?
  private(set) var contextTokens: Int?
  private(set) var secondsPerInputToken: Estimate
  private(set) var secondsPerOutputToken: Estimate
  private(set) var dollarsPerMillionInputTokens: Estimate
  private(set) var dollarsPerMillionOutputTokens: Estimate
  private(set) var outputToInputRatio: Estimate?
  private(set) var blends: [Blend]
  private(set) var task: TaskCost?

  init(input: Estimate, output: Estimate, _ tariff: Tariff, mixes: [Mix], task: TaskLengths?) {
    self.tariff = tariff
    secondsPerInputToken = input
    secondsPerOutputToken = output
    dollarsPerMillionInputTokens = tariff.dollarsPerMillionTokens(secondsPerToken: input)
    dollarsPerMillionOutputTokens = tariff.dollarsPerMillionTokens(secondsPerToken: output)
    outputToInputRatio = output.ratio(to: input)
    blends = mixes.map { mix in
      let seconds = input.scaled(by: mix.inputShare).plus(output.scaled(by: mix.outputShare))
      return Blend(
        name: mix.name, inputShare: mix.inputShare,
        dollarsPerMillionTokens: tariff.dollarsPerMillionTokens(secondsPerToken: seconds))
    }
    self.task = task.map {
      let seconds = input.scaled(by: Double($0.input)).plus(output.scaled(by: Double($0.output)))
      return TaskCost(
        inputTokens: $0.input, outputTokens: $0.output, seconds: seconds, dollars: tariff.dollars(for: seconds))
    }
  }

  /// Nil where a phase has no curve. Lengths that were asked for must have been measured; others are moved to where it was.
  init?(
    _ subject: SubjectSummary, _ tariff: Tariff, prompt: Int?, context: Int?, mixes: [Mix], task: TaskLengths?
  ) throws {
    guard let prefill = subject.prefillCurve?.curve, let decode = subject.decodeCurve?.curve,
      let prompt = prompt ?? subject.price.promptTokens, let context = context ?? subject.price.contextTokens
    else { return nil }
    let curves = TokenCurves(prefill: prefill, decode: decode, sampling: subject.sampling?.secondsPerToken)
    do {
      let prices = try TokenPrices(curves, tariff, promptTokens: prompt, contextTokens: context)
      self.init(
        input: prices.secondsPerInputToken, output: prices.secondsPerOutputToken, tariff, mixes: mixes, task: nil)
      if let task {
        let price = try TaskPrice(curves, tariff, inputTokens: task.input, outputTokens: task.output)
        self.task = TaskCost(
          inputTokens: task.input, outputTokens: task.output, seconds: price.prefillSeconds.plus(price.outputSeconds),
          dollars: price.dollars)
      }
    } catch {
      throw Failure(.usage, "\(subject.model.name): \(error)")
    }
    promptTokens = prompt
    contextTokens = context
    model = subject.model
    configuration = subject.configuration
  }

  var text: String {
    var page = Page()
    if let model, let configuration {
      page.field("model", "\(model.name), \(model.format) (\(model.source))".printable)
      page.field(
        "setup", "\(configuration.threads) threads, \(configuration.isa), \(configuration.activations) activations")
    }
    page.field("host", Wording.label(of: tariff))
    let prompt = promptTokens.map { ", in a prompt of \($0)" } ?? ""
    let context = contextTokens.map { ", at a context of \($0)" } ?? ""
    page.field("input", "\(Unit.dollars(dollarsPerMillionInputTokens)) per million tokens\(prompt)")
    page.field("output", "\(Unit.dollars(dollarsPerMillionOutputTokens)) per million tokens\(context)")
    if let ratio = outputToInputRatio {
      page.field("ratio", "an output token costs as much as \(Unit.bare(ratio)) input tokens")
    }
    if let task {
      page.field(
        "task",
        "\(Unit.dollars(task.dollars)) and \(Unit.seconds.text(task.seconds)) for \(task.inputTokens) input and "
          + "\(task.outputTokens) output tokens")
    }
    var table = TextTable([
      TextTable.text("blend"), TextTable.figure("input share"), TextTable.figure("$ per million tokens"),
    ])
    for blend in blends {
      table.add([blend.name, Unit.share.text(blend.inputShare), Unit.bare(blend.dollarsPerMillionTokens)])
    }
    page.table("Blends", table)
    return page.text
  }
}
