import KernelContract
import Kernels

/// How a model is run; recorded with every figure.
package struct EngineOptions: Sendable {
  package var threads: Int
  /// Positions that each sequence can hold.
  package var contextLength: Int
  package var sequences: Int
  /// Tokens of a prompt that go through the layers together.
  package var microBatch: Int
  package var keyFormat: CacheFormat
  package var valueFormat: CacheFormat
  /// The highest instruction set to use; nil for the best that runs here.
  package var isaCap: InstructionSet?
  package var activations: ActivationMode
  package var tuning: KernelTuning
  package var pin: Bool

  package init(
    threads: Int, contextLength: Int, sequences: Int = 1, microBatch: Int = 512, keyFormat: CacheFormat = .f16,
    valueFormat: CacheFormat = .f16, isaCap: InstructionSet? = nil, activations: ActivationMode = .auto,
    tuning: KernelTuning = .standard, pin: Bool = true
  ) {
    self.threads = threads
    self.contextLength = contextLength
    self.sequences = sequences
    self.microBatch = microBatch
    self.keyFormat = keyFormat
    self.valueFormat = valueFormat
    self.isaCap = isaCap
    self.activations = activations
    self.tuning = tuning
    self.pin = pin
  }
}
