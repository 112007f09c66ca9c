import Model
import TestSupport
import Testing

@Suite struct DescriptionTests {
  private func describe(_ change: (inout GGUFWriter) -> Void = { _ in }) throws -> ModelDescription {
    var writer = TinyModel.llama(layers: 2)
    change(&writer)
    return try ModelDescription(GGUFFile(bytes: writer.bytes(), name: "m.gguf"))
  }

  /// The tiny model's metadata under another architecture's prefix.
  private func gemma(_ change: (inout GGUFWriter) -> Void = { _ in }) throws -> ModelDescription {
    try describe { writer in
      rename(&writer, to: "gemma3")
      change(&writer)
    }
  }

  @Test func theTinyModelIsRead() throws {
    let model = try describe()
    #expect(model.name == "Tiny")
    #expect(model.architecture == "llama")
    #expect(model.vocabularySize == 12)
    #expect(model.contextLength == 128)
    #expect(model.embeddingLength == 32)
    #expect(model.feedForwardLength == 32)
    #expect(model.layerCount == 2)
    #expect(model.headCount == 4 && model.keyValueHeadCount == 2 && model.headSize == 8)
    #expect(model.normEpsilon == 1e-5)
    #expect(model.rotation.pairing == .adjacent && model.rotation.dimensions == 8 && model.rotation.base == 10000)
    #expect(model.rotation.slidingBase == nil && model.rotation.scaling == .none)
    #expect(model.attentionScale == 1 / Float(8).squareRoot())
    #expect(model.embeddingScale == 1)
    #expect(model.activation == .silu)
    #expect(model.hasTiedHead && !model.hasQueryKeyNorm && !model.hasQueryKeyValueBias && !model.hasPostNorms)
    #expect(model.slidingWindow == nil && model.logitSoftcap == nil)
  }

  /// What the forward pass does not read cannot be wrong.
  @Test func valuesThatNobodyNeedsHinderNobody() throws {
    #expect(try describe { $0["general.name"] = .bool(true) }.name == "m.gguf")
    #expect(try describe { $0["tokenizer.ggml.tokens"] = .uint32(7) } == describe())
    #expect(
      try describe {
        $0["llama.rope.scaling.type"] = .text("none")
        $0["llama.rope.scaling.factor"] = .float32(0.5)
        $0["llama.rope.scaling.attn_factor"] = .text("x")
      } == describe())
    #expect(
      try describe {
        $0["llama.rope.scaling.factor"] = .float32(2)
        $0["llama.rope.scale_linear"] = .text("x")
      }.rotation.scaling == .linear(factor: 2))
  }

  @Test func keyValueHeadsDefaultToTheQueryHeads() throws {
    #expect(try describe { $0["llama.attention.head_count_kv"] = nil }.keyValueHeadCount == 4)
    #expect(try describe { $0["llama.attention.head_count_kv"] = .integers([2, 2]) }.keyValueHeadCount == 2)
  }

  @Test func scalingIsReadFromItsKeys() throws {
    func scaling(_ change: (inout GGUFWriter) -> Void) throws -> ModelDescription.Rotation.Scaling {
      try describe(change).rotation.scaling
    }
    #expect(try scaling { $0["llama.rope.scaling.factor"] = .float32(4) } == .linear(factor: 4))
    #expect(try scaling { $0["llama.rope.scale_linear"] = .float32(2) } == .linear(factor: 2))
    #expect(try scaling { $0["llama.rope.scaling.factor"] = .float32(1) } == .none)
    #expect(
      try scaling {
        $0["llama.rope.scaling.type"] = .text("none")
        $0["llama.rope.scaling.factor"] = .float32(4)
      } == .none)
    #expect(
      try scaling {
        $0["llama.rope.scaling.type"] = .text("yarn")
        $0["llama.rope.scaling.factor"] = .float32(4)
        $0["llama.rope.scaling.original_context_length"] = .uint32(64)
        $0["llama.rope.scaling.attn_factor"] = .float32(2)
      } == .yarn(factor: 4, originalContext: 64, attentionFactor: 2, betaFast: 32, betaSlow: 1))
  }

  @Test func frequencyFactorsAreReadFromTheirTensor() throws {
    let factors = GGUFWriter.Tensor("rope_freqs.weight", dimensions: [4], floats: [1, 2, 4, 8])
    #expect(try describe { $0.tensors.append(factors) }.rotation.scaling == .perFrequency(factors: [1, 2, 4, 8]))
    #expect(
      try describe {
        $0.tensors.append(factors)
        $0["llama.rope.scaling.factor"] = .float32(2)
      }.rotation.scaling == .perFrequency(factors: [2, 4, 8, 16]))
  }

  @Test func gemmaSlidesButForEverySixthLayer() throws {
    let plain = try gemma()
    #expect(plain.slidingWindow == nil && plain.globalLayerEvery == nil && plain.rotation.slidingBase == nil)
    #expect(plain.hasPostNorms && plain.hasQueryKeyNorm && plain.activation == .gelu)
    #expect(plain.embeddingScale == Float(32).squareRoot())
    let sliding = try gemma { $0["gemma3.attention.sliding_window"] = .uint32(16) }
    #expect(sliding.slidingWindow == 16 && sliding.globalLayerEvery == 6 && sliding.rotation.slidingBase == 10000)
    #expect(!sliding.isSliding(layer: 5) && sliding.isSliding(layer: 4) && sliding.isSliding(layer: 6))
  }

  @Test(arguments: [
    (GGUFWriter.Value.uint32(3), Int?.some(3)), (.uint32(0), nil), (.array(type: 7, [.bool(true), .bool(false)]), 2),
    (.array(type: 7, [.bool(true), .bool(true)]), nil),
  ]) func gemmaPatternsAreRead(pattern: GGUFWriter.Value, every: Int?) throws {
    let model = try gemma {
      $0["gemma3.attention.sliding_window"] = .uint32(16)
      $0["gemma3.attention.sliding_window_pattern"] = pattern
    }
    #expect(model.slidingWindow == 16)
    #expect(model.globalLayerEvery == every)
  }

  @Test func gemmaWithEveryLayerGlobalDoesNotSlide() throws {
    let model = try gemma {
      $0["gemma3.attention.sliding_window"] = .uint32(16)
      $0["gemma3.attention.sliding_window_pattern"] = .uint32(1)
    }
    #expect(model.slidingWindow == nil)
  }

  /// 27B has heads of 128 elements but scales by embedding/heads: 5376/32 = 168.
  @Test func gemma27BScalesByEmbeddingOverHeads() throws {
    let model = try gemma {
      $0["gemma3.block_count"] = .uint32(62)
      $0["gemma3.embedding_length"] = .uint32(5376)
      $0["gemma3.attention.head_count"] = .uint32(32)
      $0["gemma3.attention.head_count_kv"] = .uint32(16)
      $0["gemma3.attention.key_length"] = .uint32(128)
      $0["gemma3.attention.value_length"] = .uint32(128)
      $0["gemma3.rope.dimension_count"] = nil
    }
    #expect(model.attentionScale == 1 / Float(168).squareRoot())
  }

  static let refusals: [(String, GGUFWriter.Value?, String)] = [
    ("general.architecture", .text("gpt2"), "is 'gpt2', which is not supported; supported: llama qwen2 qwen3 gemma3"),
    ("general.architecture", nil, "is missing; the model cannot be used without it"),
    ("llama.expert_count", .uint32(8), "is not 0; mixtures of experts are not supported yet"),
    ("llama.block_count", nil, "is missing; the model cannot be used without it"),
    ("llama.block_count", .uint32(0), "is 0; 1 to 1024 is supported"),
    ("llama.block_count", .uint32(.max), "is 4294967295; 1 to 1024 is supported"),
    ("llama.context_length", .int32(-1), "is -1; 1 to 268435456 is supported"),
    ("llama.embedding_length", .uint64(.max), "is the integer 18446744073709551615, not an integer"),
    ("llama.embedding_length", .uint32(0), "is 0; 1 to 65536 is supported"),
    ("llama.feed_forward_length", .integers([32, 64]), "differs between layers, which is not supported"),
    ("llama.feed_forward_length", .integers([32]), "has 1 elements for 2 layers"),
    ("llama.attention.head_count", .uint32(0), "is 0; 1 to 1024 is supported"),
    ("llama.attention.head_count_kv", .uint32(3), "is 3, which does not divide the 4 query heads"),
    ("llama.attention.head_count_kv", .uint32(8), "is 8; 1 to 4 is supported"),
    ("llama.attention.head_count_kv", .integers([2, 1]), "differs between layers, which is not supported"),
    ("llama.attention.key_length", .uint32(16), "is 16 but value_length 8; they must be equal"),
    ("llama.attention.key_length", .uint32(1 << 30), "is 1073741824; 1 to 4096 is supported"),
    ("llama.attention.layer_norm_rms_epsilon", .float32(.nan), "is nan; 0.0 to 1.0 is supported"),
    ("llama.attention.layer_norm_rms_epsilon", nil, "is missing; the model cannot be used without it"),
    ("llama.rope.dimension_count", .uint32(7), "makes 7 rotated elements; they go in pairs"),
    ("llama.rope.dimension_count", .uint32(10), "is 10; 1 to 8 is supported"),
    ("llama.rope.freq_base", .float32(.infinity), "is inf; 1.0000000000000002 to 1000000000000.0 is supported"),
    (
      "llama.rope.scaling.type", .text("longrope"), "is 'longrope', which is not supported; supported: none linear yarn"
    ),
    ("llama.rope.scaling.factor", .float32(-1), "is -1.0; 1.0 to 1000000.0 is supported"),
    ("llama.rope.scaling.attn_factor", .float32(2), "is 2.0; only yarn supports it"),
    ("tokenizer.ggml.tokens", .strings((0..<13).map(String.init)), "has 13 tokens but token_embd.weight only 12 rows"),
  ]

  @Test(arguments: refusals)
  func aBadValueIsRefusedByName(key: String, value: GGUFWriter.Value?, reason: String) {
    let error = #expect(throws: GGUFError.self) { try describe { $0[key] = value } }
    #expect(error.map { "\($0)" } == "m.gguf: metadata '\(key)': \(reason)")
  }

  @Test func aPatternThatIsNotPeriodicIsRefused() {
    let error = #expect(throws: GGUFError.self) {
      try gemma {
        $0["gemma3.attention.sliding_window"] = .uint32(16)
        $0["gemma3.block_count"] = .uint32(3)
        $0["gemma3.attention.sliding_window_pattern"] = .array(type: 7, [.bool(true), .bool(false), .bool(false)])
      }
    }
    #expect(error?.reason == "is not 'every n-th layer global', the only pattern supported")
  }

  @Test(arguments: [
    (
      GGUFWriter.Tensor("rope_freqs.weight", dimensions: [5], floats: [1, 1, 1, 1, 1]),
      "is F32 of shape [5]; F32 of shape [4] is needed"
    ),
    (
      .init("rope_freqs.weight", dimensions: [4], floats: [1, 0, 1, 1]),
      "has the factor 0.0 at 1; 1e-6 to 1e6 is supported"
    ),
    (
      .init("rope_freqs.weight", dimensions: [4], floats: [1, 1, .nan, 1]),
      "has the factor nan at 2; 1e-6 to 1e6 is supported"
    ),
  ]) func badFrequencyFactorsAreRefused(tensor: GGUFWriter.Tensor, reason: String) {
    let error = #expect(throws: GGUFError.self) { try describe { $0.tensors.append(tensor) } }
    #expect(error.map { "\($0)" } == "m.gguf: tensor 'rope_freqs.weight': \(reason)")
  }

  @Test func aNameIsMadeFitForATerminal() throws {
    #expect(try describe { $0["general.name"] = .text("a\u{1B}[31mb\n") }.name == #"a\u{1B}[31mb\n"#)
  }
}

/// Renames every `llama.` key, and the architecture.
private func rename(_ writer: inout GGUFWriter, to architecture: String) {
  writer["general.architecture"] = .text(architecture)
  for index in writer.metadata.indices where writer.metadata[index].key.hasPrefix("llama.") {
    writer.metadata[index].key = architecture + writer.metadata[index].key.dropFirst("llama".count)
  }
}
