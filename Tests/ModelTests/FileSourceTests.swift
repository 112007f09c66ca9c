import KernelContract
import Model
import TestSupport
import Testing

@Suite struct FileSourceTests {
  private func source(layers: Int? = nil, _ change: (inout GGUFWriter) -> Void = { _ in }) throws -> FileSource {
    var writer = TinyModel.llama(layers: 2)
    change(&writer)
    return try FileSource(GGUFFile(bytes: writer.bytes(), name: "m.gguf"), layers: layers)
  }

  @Test func rowsAreLentFromTheFile() throws {
    let source = try source()
    let entry = try #require(source.tensor("token_embd.weight"))
    #expect(entry.rows == 12 && entry.columns == 32 && entry.format == .f32 && entry.rowBytes == 128)
    // Element i of the matrix is (i mod 17 - 8)/64; row 2 starts at i = 64, 64 mod 17 = 13.
    source.withRows(2..<4, of: entry) { bytes in
      #expect(bytes.count == 256)
      #expect(bytes.loadUnaligned(as: Float.self) == 5.0 / 64)
    }
    let vector = try #require(source.tensor("output_norm.weight"))
    #expect(vector.rows == 1 && vector.columns == 32)
    source.adviseDone(0..<entry.rows, of: entry)
    #expect(source.withBytes(of: vector) { $0.count } == 128)
  }

  @Test func aModelCanBeCutShort() throws {
    #expect(try source(layers: 1).description.layerCount == 1)
    #expect(try source().description.layerCount == 2)
    // One layer less: two norms of 32 floats, six 32-column Q8_0 matrices of 32+16+16+32+32+32 = 160 rows of 34 bytes,
    // ffn_down of 32·32 floats.
    #expect(try source().weightBytes - source(layers: 1).weightBytes == 2 * 128 + 160 * 34 + 4096)
    let error = #expect(throws: ModelError.self) { try source(layers: 3) }
    #expect(error?.description == "Tiny: layers: is 3; 1 to 2 are possible")
  }

  @Test func anUntiedHeadIsFound() throws {
    let source = try FileSource(GGUFFile(bytes: TinyModel.llama(hasTiedHead: false).bytes(), name: "m.gguf"))
    #expect(!source.description.hasTiedHead)
  }

  static let refusals: [(String, @Sendable (inout GGUFWriter) -> Void)] = [
    (
      "tensor 'blk.1.ffn_up.weight': is missing; a llama model of 2 layers needs it",
      { $0.tensors.removeAll { $0.name == "blk.1.ffn_up.weight" } }
    ),
    (
      "tensor 'blk.0.attn_q.weight': has 31 rows of 32 weights but by the metadata must have 32 of 32",
      { replace(&$0, TinyModel.q8("blk.0.attn_q.weight", 31, 32)) }
    ),
    (
      "tensor 'blk.0.ffn_down.weight': has 32 rows of 64 weights but by the metadata must have 32 of 32",
      { replace(&$0, TinyModel.matrix("blk.0.ffn_down.weight", 32, 64)) }
    ),
    (
      "tensor 'output_norm.weight': has 1 rows of 16 weights but by the metadata must have 1 of 32",
      { replace(&$0, TinyModel.vector("output_norm.weight", 16)) }
    ),
    (
      "tensor 'blk.0.attn_output.bias': is not part of a llama model as this program computes it",
      { $0.tensors.append(TinyModel.vector("blk.0.attn_output.bias", 32)) }
    ),
    (
      "tensor 'blk.0.attn_k.bias': is missing; a llama model of 2 layers needs it",
      { $0.tensors.append(TinyModel.vector("blk.0.attn_q.bias", 32)) }
    ),
    ("tensor 'token_embd.weight': is missing", { $0.tensors.removeAll { $0.name == "token_embd.weight" } }),
  ]

  @Test(arguments: refusals)
  func aWrongTensorIsNamed(message: String, change: @Sendable (inout GGUFWriter) -> Void) {
    let error = #expect(throws: GGUFError.self) { try source(change) }
    #expect(error.map { "\($0)" } == "m.gguf: " + message)
  }

  @Test(arguments: Fixtures.models) func everyFixtureIsDescribed(name: String) throws {
    let source = try FileSource(path: Fixtures.model(name))
    let model = source.description
    #expect(model.name == name)
    #expect(model.vocabularySize == 301)
    #expect(model.contextLength == 2048)
    #expect(model.rotation.pairing == (model.architecture == "llama" ? .adjacent : .halves))
    #expect(model.hasQueryKeyValueBias == (model.architecture == "qwen2"))
    #expect(model.hasTiedHead == ["qwen2", "qwen3", "gemma3"].contains(name))
    switch name {
    case "llama-linear": #expect(model.rotation.scaling == .linear(factor: 4))
    case "llama-frequency-factors":
      guard case .perFrequency(let factors) = model.rotation.scaling else {
        Issue.record("no frequency factors")
        return
      }
      #expect(factors.count == 16 && factors.first == 1 && factors.last == 8)
    case "llama-yarn", "qwen2-yarn":
      guard case .yarn(_, 512, _, 32, 1) = model.rotation.scaling else {
        Issue.record("no yarn")
        return
      }
    case "gemma3":
      #expect(model.slidingWindow == 16 && model.globalLayerEvery == 6 && model.rotation.slidingBase == 10000)
      #expect(model.rotation.scaling == .linear(factor: 8))
    case "gemma3-softcap":
      #expect(model.slidingWindow == 9 && model.globalLayerEvery == 3 && model.rotation.slidingBase == 5000)
      #expect(model.logitSoftcap == 4)
    default: #expect(model.rotation.scaling == .none)
    }
  }

  /// A real file and the preset of the same model agree in everything that costs.
  @Test(.enabled(if: RealModels.smolLM2 != nil)) func smolLM2IsLikeItsPreset() throws {
    try expectLikePreset(try #require(RealModels.smolLM2), "smollm2-135m")
  }

  @Test(.enabled(if: RealModels.gemma3 != nil)) func gemma3IsLikeItsPreset() throws {
    try expectLikePreset(try #require(RealModels.gemma3), "gemma-3-270m")
  }

  private func expectLikePreset(_ path: String, _ name: String) throws {
    let source = try FileSource(path: path)
    var description = source.description
    description.name = name
    #expect(try description == Preset.named(name).description)
    #expect(source.weightBytes == source.tensors.reduce(0) { $0 + $1.byteCount })
  }
}

private func replace(_ writer: inout GGUFWriter, _ tensor: GGUFWriter.Tensor) {
  for index in writer.tensors.indices where writer.tensors[index].name == tensor.name { writer.tensors[index] = tensor }
}
