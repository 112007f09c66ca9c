import Campaign
import KernelContract
import Kernels
import Machine

extension Option {
  static let threads = Option("-t", "--threads", value: "N", help: "threads (one for each core that may be used)")
  static let isa = Option(
    "--isa", value: "SET",
    help: "highest instruction set to use: \(names(of: EngineSettings.instructionSets)) (the best that runs here)")
  static let activations = Option(
    "--activations", value: "TYPE",
    help: "how activations enter products: \(names(of: EngineSettings.activationModes)) (auto); with f32 the cache is "
      + "f32 too")
  static let keyType = Option(
    "-ctk", "--cache-type-k", value: "TYPE", help: "keys in the cache: \(names(of: EngineSettings.cacheFormats)) (f16)")
  static let valueType = Option(
    "-ctv", "--cache-type-v", value: "TYPE", help: "values in the cache: the same formats (f16)")
  static let batch = Option(
    "-b", "--batch-size", value: "N", help: "tokens of a prompt that are handed over together (2048)")
  static let microBatch = Option(
    "-ub", "--ubatch-size", value: "N", help: "tokens of a prompt that go through the layers together (512)")
  static let noPin = Option("--no-pin", help: "let the system move threads between processors")

  private static func names<Value>(of choices: [(String, Value)]) -> String {
    choices.map(\.0).joined(separator: " ")
  }
}

extension OptionGroup {
  static let engine = OptionGroup(
    "Engine", [.threads, .isa, .activations, .keyType, .valueType, .batch, .microBatch, .tuning, .noPin])
}

extension EngineSettings {
  static let instructionSets = InstructionSet.allCases.map { ($0.rawValue, $0) }
  static let activationModes = ActivationMode.allCases.map { ($0.rawValue, $0) }
  static let cacheFormats = CacheFormat.allCases.map { ($0.rawValue, $0) }
  static let threadRange = 1...1024
  static let batchRange = 1...65536

  /// Reads options that have one value each; what is not given is the tool's own choice for this machine.
  init(_ arguments: Arguments, on machine: MachineDescription) throws(UsageError) {
    self = .standard(on: machine)
    threads = try arguments.integer(.threads, in: Self.threadRange) ?? threads
    isaCap = try arguments.choice(.isa, Self.instructionSets)
    activations = try arguments.choice(.activations, Self.activationModes) ?? activations
    let format = Self.standardCache(activations)
    keyFormat = try arguments.choice(.keyType, Self.cacheFormats) ?? format
    valueFormat = try arguments.choice(.valueType, Self.cacheFormats) ?? format
    batch = try arguments.integer(.batch, in: Self.batchRange) ?? batch
    microBatch = min(try arguments.integer(.microBatch, in: Self.batchRange) ?? microBatch, batch)
    pin = !arguments.contains(.noPin)
    tuning = try .chosen(arguments, for: self, on: machine)
  }

  /// Rounding keys and values would undo what Float activations are asked for.
  static func standardCache(_ activations: ActivationMode) -> CacheFormat { activations == .f32 ? .f32 : .f16 }
}
