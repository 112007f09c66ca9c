import Engine
import KernelContract
import Kernels
import Machine
import Metering
import Records

/// How the model is run, apart from the room that a test needs.
package struct EngineSettings: Codable, Sendable, Hashable {
  package var threads: Int
  /// Tokens that are handed to the engine together; the last of each batch gets its logits, as in llama.cpp.
  package var batch: Int
  /// Tokens that go through the layers together.
  package var microBatch: Int
  package var keyFormat: CacheFormat
  package var valueFormat: CacheFormat
  /// The highest instruction set to use; nil for the best that runs here.
  package var isaCap: InstructionSet?
  package var activations: ActivationMode
  /// Nil for the tool's own.
  package var tuning: TuningChoice?
  package var pin: Bool
  /// For checking comparisons.
  package var slowdown: Slowdown?

  package init(
    threads: Int, batch: Int = 2048, microBatch: Int = 512, keyFormat: CacheFormat = .f16,
    valueFormat: CacheFormat = .f16, isaCap: InstructionSet? = nil, activations: ActivationMode = .auto,
    tuning: TuningChoice? = nil, pin: Bool = true, slowdown: Slowdown? = nil
  ) {
    self.threads = threads
    self.batch = batch
    self.microBatch = microBatch
    self.keyFormat = keyFormat
    self.valueFormat = valueFormat
    self.isaCap = isaCap
    self.activations = activations
    self.tuning = tuning
    self.pin = pin
    self.slowdown = slowdown
  }

  /// The tool's own choice for a machine: a thread for every core that the process may use and its quota pays for. Two
  /// threads of one core share its multipliers and its loads.
  package static func standard(on machine: MachineDescription) -> EngineSettings {
    let cores = min(machine.processors, machine.cores.value ?? machine.processors)
    let quota = machine.controlGroup.processorQuota.value.map { max(1, Int($0)) } ?? cores
    return EngineSettings(threads: max(1, min(cores, quota)))
  }

  /// Whether this is the tool's own choice for a machine; what it has found out by timing belongs to that.
  package func isStandard(on machine: MachineDescription) -> Bool {
    var settings = self
    if tuning?.origin == .measured { settings.tuning = nil }
    return settings == .standard(on: machine)
  }

  /// What was measured holds for the kernels that were timed: those that are taken when nothing else is asked for.
  package var canTakeMeasuredTuning: Bool { isaCap == nil && activations == .auto }

  package func options(contextLength: Int, sequences: Int) -> EngineOptions {
    EngineOptions(
      threads: threads, contextLength: contextLength, sequences: sequences, microBatch: min(microBatch, batch),
      keyFormat: keyFormat, valueFormat: valueFormat, isaCap: isaCap, activations: activations,
      tuning: tuning?.tuning ?? .standard, pin: pin)
  }

  func check() throws(CampaignError) {
    for (name, value) in [("threads", threads), ("batch", batch), ("micro-batch", microBatch)] {
      guard (1...1 << 20).contains(value) else {
        throw CampaignError(.request, "\(name): \(value) cannot be; ask for 1 or more")
      }
    }
  }
}

/// A tuning and where it came from, which every record says.
package struct TuningChoice: Codable, Sendable, Hashable {
  package enum Origin: String, Codable, Sendable {
    /// Built in.
    case standard
    /// Timed on this machine.
    case measured
    /// Asked for.
    case given
  }

  package var tuning: KernelTuning
  package var origin: Origin

  package init(_ tuning: KernelTuning, _ origin: Origin) {
    self.tuning = tuning
    self.origin = origin
  }
}

extension KernelTuning {
  /// As records say it.
  package func manyTokens(of formats: [WeightFormat]) -> ManyTokens {
    let pairs = formats.map { ($0.rawValue, self[$0] == Self.never ? nil : self[$0]) }
    return ManyTokens(Dictionary(pairs, uniquingKeysWith: { $1 }))
  }
}
