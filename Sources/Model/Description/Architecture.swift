import KernelContract

/// The architectures whose forward pass is known, spelt as `general.architecture` spells them.
enum Architecture: String, CaseIterable {
  /// The files of Mistral 7B, SmolLM and others call themselves llama too.
  case llama
  case qwen2
  case qwen3
  case gemma3

  init(_ metadata: GGUFMetadata) throws(GGUFError) {
    let key = "general.architecture"
    let name = try metadata.string(key)
    guard let architecture = Architecture(rawValue: name) else {
      let supported = Self.allCases.map(\.rawValue).joined(separator: " ")
      throw metadata.failure(key, "is '\(oneLine(name))', which is not supported; supported: \(supported)")
    }
    self = architecture
  }

  /// Converters reorder llama's query and key rows so that the two of a pair are neighbours.
  var pairing: ModelDescription.Rotation.Pairing { self == .llama ? .adjacent : .halves }

  var activation: GateFunction { self == .gemma3 ? .gelu : .silu }

  var hasQueryKeyNorm: Bool { self == .qwen3 || self == .gemma3 }
}
