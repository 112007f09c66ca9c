import Campaign
import Engine
import Machine
import Records

/// `generate`: a text that goes on from a prompt, and what it cost.
enum Generate: Verb {
  private static let prompt = Option(
    "-p", "--prompt", value: "TEXT", help: "the text to go on from; - reads standard input")
  private static let file = Option("-f", "--file", value: "FILE", help: "a file that holds the prompt")
  private static let special = Option("--special", help: "read control tokens from their spelling in the prompt")
  private static let count = Option(
    "-n", "--predict", value: "N", help: "tokens to generate at most (128, or what the context has room for)")
  private static let ignoreEnd = Option("--ignore-eos", help: "go on after a token that ends the text")

  static let syntax = Syntax(
    "generate", summary: "continue a prompt, and say what each token cost",
    usage: ["-m FILE --prompt TEXT [-n N] [OPTION…]"],
    groups: [
      OptionGroup("Text", [.model, prompt, file, special, count, ignoreEnd]), .sampling, .energy, .engine,
    ],
    notes: [
      "The text goes to standard output as it comes, and what it cost to standard error. With --json everything goes to "
        + "standard output at the end: prompt_tokens, tokens, text, stop_reason (length, end_of_text, context_full or "
        + "interrupted), warnings, token_seconds (one a token, the first from the start of the prompt), and the rest "
        + "of what it cost."
    ])

  private static let standardCount = 128

  static func run(_ arguments: Arguments) throws {
    let asked = try arguments.integer(count, in: 0...1 << 24)
    let settings = try SamplerSettings(arguments)
    let machine = MachineDescription.read()
    let accountant = try EnergyAccountant(EnergyOptions(arguments, on: machine), machine: machine)
    let bytes = try TextInput.bytes(arguments, text: prompt, file: file, dash: true)
    Interruption.listen()
    let model = try TextModel(arguments)
    let (tokens, warnings) = try model.encode(bytes, special: arguments.contains(special), as: .prompt)
    guard !tokens.isEmpty else { throw Failure(.badData, "the prompt: has no token; give some text") }
    // A number that was asked for is kept or refused; the tool's own gives way, but to one token.
    let limit = asked ?? max(1, min(standardCount, model.contextLength - tokens.count))
    let engine = try model.engine(tokens: tokens.count, more: limit)
    if let idle = SamplerSettings.idleOption(arguments) {
      Console.note("\(idle.name): has no effect at temperature 0; add --temperature 0.8, say")
    }
    let sampler = try Sampler(
      settings, kernels: engine.kernels.sampling, vocabularySize: engine.description.vocabularySize)
    var generation = Generation(
      model, on: engine, prompt: tokens, warnings: warnings, sampler: sampler,
      ignoresEnd: arguments.contains(ignoreEnd),
      energy: GenerationEnergy(
        accountant, on: engine, model: model.workbench.identity, processors: machine.processorList))
    let asJSON = arguments.contains(.json)
    let reason = limit < asked ?? standardCount ? GenerationResult.StopReason.contextFull : .length
    try generation.run(limit: limit, because: reason) { text in if !asJSON { try Console.printForeign(text) } }
    if asJSON {
      try Console.print(JSONText.of(generation.result))
    } else {
      if !generation.result.text.isEmpty { try Console.print("\n") }
      Console.remark(generation.result.page)
    }
    if generation.result.stopReason == .interrupted { throw Failure(.interrupted) }
  }
}
