/// What a kernel does. Raw values are the field's words, by which lists and records name it.
package enum KernelOperation: String, CaseIterable, Codable, Sendable {
  case matvec, matmul
  /// Both products of a gated feed-forward, and what joins them.
  case gateUp = "gate_up"
  case attention
  /// Keys and values turned into the panels that attention on tiles reads.
  case cachePanels = "cache_panels"
  // Operations on rows of Floats.
  case norm, add, scale, swiglu, geglu, softcap
  /// Rotation of neighbouring elements, and of those half a row apart.
  case rope
  case ropeNeox = "rope_neox"
  /// Activations into what products read (`ActivationFormat`).
  case quantize
  case roundBFloat16 = "round_bf16"
  case storeKey = "store_key"
  case storeValue = "store_value"
  case embedding
  // Operations on logits.
  case argmax
  case runMaxima = "run_maxima"
  case expWeights = "exp_weights"
  case runSums = "run_sums"
  case sumAtLeast = "sum_at_least"
  case select, sift
  // Probes.
  case peak
  case streamRead = "stream_read"
  case streamCopy = "stream_copy"
  case streamTriad = "stream_triad"

  package var isProduct: Bool { self == .matvec || self == .matmul || self == .gateUp }
}

/// Which kernel: what it does, on weights of which format where it reads any, in which arithmetic, with which instructions.
/// Lists, plans, records and energy go by it. Formats of the cache are no part of it, for one kernel reads them all.
package struct KernelIdentity: Hashable, Sendable, CustomStringConvertible {
  package let operation: KernelOperation
  package let weights: WeightFormat?
  /// The type that it computes in: that of its activations.
  package let activations: ActivationFormat
  package let isa: InstructionSet

  package init(
    _ operation: KernelOperation, weights: WeightFormat? = nil, activations: ActivationFormat = .f32,
    isa: InstructionSet
  ) {
    self.operation = operation
    self.weights = weights
    self.activations = activations
    self.isa = isa
  }

  /// Whether matrix tiles do its arithmetic.
  package var isOnTiles: Bool { isa == .amx }

  /// `matvec.q4_0.int8.avx512vnni`; without weights `norm.f32.avx2`.
  package var description: String {
    [operation.rawValue, weights?.rawValue.lowercased(), activations.rawValue, isa.rawValue].compactMap { $0 }
      .joined(separator: ".")
  }
}
