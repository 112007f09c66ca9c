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
  private static let count = Option("-n", "--predict", value: "N", help: "tokens to generate at most (128)")
  private static let ignoreEnd = Option("--ignore-eos", help: "go on after a token that ends the text")

  static let syntax = Syntax(
    "generate", summary: "continue a prompt, and say what each token cost",
    usage: ["-m FILE --prompt TEXT [-n N] [OPTION…]"],
    groups: [
      OptionGroup("Text", [.model, prompt, file, special, count, ignoreEnd]), .sampling, .energy, .engine,
    ],
    notes: [
      "The text goes to standard output as it comes, what it cost to standard error. With --json everything goes to "
        + "standard output at the end: prompt_tokens, tokens, text, token_seconds (one a token, the first from the "
        + "start of the prompt), and the rest of what it cost."
    ])

  static func run(_ arguments: Arguments) throws {
    let limit = try arguments.integer(count, in: 0...1 << 24) ?? 128
    let settings = try SamplerSettings(arguments)
    let machine = MachineDescription.read()
    let accountant = try EnergyAccountant(EnergyOptions(arguments, on: machine), machine: machine)
    let bytes = try TextInput.bytes(arguments, text: prompt, file: file, dash: true)
    Interruption.listen()
    let model = try TextModel(arguments)
    let tokens = model.tokenizer.encode(bytes: bytes, special: arguments.contains(special))
    guard !tokens.isEmpty else { throw Failure(.badData, "the prompt: has no token; give some text") }
    let engine = try model.engine(tokens: tokens.count, more: limit)
    if let idle = SamplerSettings.idleOption(arguments) {
      Console.note("\(idle.name): has no effect at temperature 0; add --temperature 0.8, say")
    }
    let sampler = try Sampler(
      settings, kernels: engine.kernels.sampling, vocabularySize: engine.description.vocabularySize)
    var generation = Generation(
      model, on: engine, prompt: tokens, sampler: sampler, ignoresEnd: arguments.contains(ignoreEnd),
      energy: GenerationEnergy(
        accountant, on: engine, model: model.workbench.identity, processors: machine.processorList))
    let asJSON = arguments.contains(.json)
    try generation.run(limit: limit) { text in if !asJSON { try Console.printForeign(text) } }
    if asJSON {
      try Console.print(JSONText.of(generation.result))
    } else {
      if !generation.result.text.isEmpty { try Console.print("\n") }
      Console.remark(generation.result.summary)
    }
    if generation.result.stopReason == .interrupted { throw Failure(.interrupted) }
  }
}
