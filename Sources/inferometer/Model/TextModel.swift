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

  /// An engine with room for a text of `tokens` tokens and `more` to come.
  func engine(tokens: Int, more: Int = 0) throws -> Engine {
    let limit = workbench.model.description.contextLength
    guard tokens <= limit - more else {
      throw Failure(
        .usage,
        "\(path): holds \(limit) tokens of context; the text has \(tokens)"
          + (more > 0 ? " and \(more) more are asked for, take fewer with -n" : ", shorten it"))
    }
    return try workbench.engine(settings, contextLength: tokens + more)
  }
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
