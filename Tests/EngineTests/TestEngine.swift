import Engine
import KernelContract
import Kernels
import Model
import TestSupport
import Testing

/// Engines for tests: a loaded model and what one asks of it.
enum TestEngine {
  static let usable = InstructionSetStatus.all.filter(\.isUsable).map(\.isa)

  static func load(_ path: String, threads: Int = 2) throws -> LoadedModel {
    let pool = try ThreadPool(threads: threads, pin: false)
    let source = try FileSource(path: path)
    return try LoadedModel(source, parallel: Parallel { body in pool.run { body($0, threads) } })
  }

  static func options(
    _ mode: ActivationMode, isa: InstructionSet? = nil, threads: Int = 2, context: Int = 1024, sequences: Int = 1,
    microBatch: Int = 512
  ) -> EngineOptions {
    let cache: CacheFormat = mode == .f32 ? .f32 : .f16
    return EngineOptions(
      threads: threads, contextLength: context, sequences: sequences, microBatch: microBatch, keyFormat: cache,
      valueFormat: cache, isaCap: isa, activations: mode, pin: false)
  }
}

/// A case that names itself in the report.
struct ModelCase: CustomTestStringConvertible, Sendable {
  let model: String
  let isa: InstructionSet
  var testDescription: String { "\(model) \(isa.rawValue)" }

  static let fixtures = Fixtures.models.flatMap { model in
    TestEngine.usable.filter { $0 != .amx }.map { ModelCase(model: model, isa: $0) }
  }
}
