import Campaign
import Engine
import KernelContract
import Kernels
import Machine
import Model
import Records

/// A file's model and its tokenizer.
struct TextModel {
  let workbench: Workbench
  let tokenizer: Tokenizer
  private let settings: EngineSettings

  var path: String { workbench.model.source.origin }
  var loadSeconds: Double { workbench.loadTime.value }
  var contextLength: Int { workbench.model.description.contextLength }

  init(_ arguments: Arguments) throws {
    guard let path = arguments.string(.model) else {
      throw UsageError(.model, "a model is needed; write -m FILE.gguf")
    }
    let machine = MachineDescription.read()
    settings = try EngineSettings(arguments, on: machine)
    Console.progress("loading \(path)")
    workbench = try .load(ModelChoice(.file(path: path)), settings, machine)
    guard let source = workbench.model.source as? FileSource else {
      throw Failure(.badData, "\(path): has no tokenizer")
    }
    tokenizer = try reading { try Tokenizer(source.file) }
    Console.clearProgress()
  }

  /// The text's tokens, and what is doubtful about them, which is noted too: a line each.
  func encode(
    _ bytes: [UInt8], special: Bool, as role: Tokenizer.Role
  ) throws -> (tokens: [Int32], warnings: [String]) {
    let encoding = try tokenizer.encode(bytes: bytes, special: special, as: role)
    let warnings =
      tokenizer.warnings
      + encoding.spelled.map { "the text: spells \($0), which the file asks to add; it is there once" }
    for warning in warnings { Console.note("warning: \(warning)") }
    return (encoding.tokens, warnings)
  }

  /// An engine with room for a text of `tokens` tokens and `more` to come.
  func engine(tokens: Int, more: Int = 0) throws -> Engine {
    guard tokens <= contextLength - more else {
      let room = contextLength - tokens
      throw Failure(
        .usage,
        "\(path): holds \(contextLength) tokens of context; the text has \(tokens)"
          + (room > 0 ? " and \(more) more are asked for; take \(room) at most with -n" : ", shorten it"))
    }
    return try workbench.engine(settings, contextLength: tokens + more)
  }

  /// What is thrown where logits say nothing of the next token.
  var notFinite: Failure { Failure(.badData, "\(path): its logits are not finite; the weights are damaged") }
}

extension Workbench {
  /// What is wrong with an option is said before a large file is read.
  static func load(
    _ choice: ModelChoice, _ settings: EngineSettings, _ machine: MachineDescription
  ) throws -> Workbench {
    _ = try KernelSelection(cap: settings.isaCap, activations: settings.activations)
    return try Workbench(choice, settings: settings, machine: machine)
  }
}
