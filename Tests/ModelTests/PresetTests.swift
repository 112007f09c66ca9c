import KernelContract
import KernelReference
import Model
import TestSupport
import Testing

@Suite struct PresetTests {
  /// Published parameter counts, embeddings once: the sums of the safetensors' shapes.
  @Test(arguments: [
    ("smollm2-135m", 134_515_008), ("smollm2-360m", 361_821_120), ("smollm2-1.7b", 1_711_376_384),
    ("qwen3-0.6b", 596_049_920), ("qwen3-4b", 4_022_468_096), ("qwen3-8b", 8_190_735_360),
    ("llama-3.2-1b", 1_235_814_400), ("llama-3.2-3b", 3_212_749_824), ("llama-3.1-8b", 8_030_261_248),
    ("llama-3.1-70b", 70_553_706_496), ("gemma-3-270m", 268_098_176), ("gemma-3-1b", 999_885_952),
    ("gemma-3-4b", 3_880_099_328),
  ]) func parametersAreThoseOfTheModel(name: String, count: Int) throws {
    #expect(try Preset.named(name).description.parameterCount == count)
  }

  @Test func everyPresetIsListedOnceAndFoundInAnyCase() throws {
    #expect(Set(Preset.all.map(\.name)).count == Preset.all.count)
    #expect(try Preset.named("Llama-3.2-1B").name == "llama-3.2-1b")
    let error = #expect(throws: ModelError.self) { try Preset.named("gpt-5\n") }
    #expect(error?.description.hasPrefix(#"preset 'gpt-5\n': is unknown; known: smollm2-135m smollm2-360m "#) == true)
  }

  @Test func headsAndWidthsFit() {
    for model in Preset.all.map(\.description) {
      #expect(model.headCount % model.keyValueHeadCount == 0)
      #expect(model.rotation.dimensions == model.headSize)
      #expect(model.name.hasPrefix("gemma") == (model.slidingWindow != nil))
    }
  }

  /// Base 500000, 64 elements, original context 8192, factor 32. Pair 0 turns each 2π tokens: untouched. Pair 31 turns
  /// each 2π·500000^(31/32) > 8192 tokens: divided by 32. Pair 16: 2π·√500000 = 4443 tokens, 8192/4443 = 1.8439 turns,
  /// share (1.8439 - 1)/3 = 0.28129, 1/(0.71871/32 + 0.28129) = 3.2922.
  @Test func llama3FactorsAreThoseOfTheDefinition() throws {
    guard case .perFrequency(let factors) = try Preset.named("llama-3.2-1b").description.rotation.scaling else {
      Issue.record("no frequency factors")
      return
    }
    #expect(factors.count == 32)
    #expect(factors[0] == 1 && factors[31] == 32)
    #expect(abs(factors[16] - 3.2922) < 0.0005)
  }

  @Test(arguments: [
    (WeightFormat.q4_K, 576, WeightFormat.q5_0), (.q5_K, 576, .q5_1), (.q6_K, 576, .q8_0), (.q3_K, 576, .q4_0),
    (.q2_K, 576, .q4_0), (.iq4_xs, 576, .iq4_nl), (.q4_K, 2048, .q4_K), (.q8_0, 576, .q8_0), (.q8_0, 40, .f16),
    (.q4_K, 40, .f16),
    (.f32, 7, .f32),
  ]) func formatsThatDoNotFitFallBack(asked: WeightFormat, columns: Int, got: WeightFormat) {
    #expect(asked.fitting(columns: columns) == got)
  }

  @Test func bytesAreKnownBeforeAnythingIsMade() throws {
    let preset = try Preset.named("smollm2-135m")
    for format in WeightFormat.allCases {
      let source = try preset.source(format: format, seed: 1)
      #expect(preset.description.weightBytes(format: format) == source.weightBytes)
      #expect(source.weightBytes == source.tensors.reduce(0) { $0 + $1.byteCount })
    }
    // F32 takes four bytes for each of 134515008 parameters.
    #expect(preset.description.weightBytes(format: .f32) == 538_060_032)
  }

  @Test func layersCanBeCut() throws {
    let preset = try Preset.named("llama-3.1-70b")
    let source = try preset.source(format: .q4_K, seed: 1, layers: 2)
    #expect(source.description.layerCount == 2)
    #expect(source.tensor("blk.1.ffn_down.weight") != nil && source.tensor("blk.2.ffn_down.weight") == nil)
    try source.description.checkTensors(source)
    let error = #expect(throws: ModelError.self) { try preset.source(format: .q4_K, seed: 1, layers: 0) }
    #expect(error?.description == "llama-3.1-70b: layers: is 0; 1 to 80 are possible")
  }

  private func rows(_ source: PresetSource, _ name: String, _ rows: Range<Int>) throws -> [UInt8] {
    source.withRows(rows, of: try #require(source.tensor(name))) { [UInt8]($0) }
  }

  @Test func rowsDependOnSeedTensorAndRowAlone() throws {
    let preset = try Preset.named("smollm2-135m")
    let source = try preset.source(format: .q4_0, seed: 7)
    let slice = try preset.source(format: .q4_0, seed: 7, layers: 1)
    let name = "blk.0.attn_q.weight"
    // A row of 576 weights is 18 blocks of 18 bytes, not a whole number of words.
    let all = try rows(source, name, 0..<4)
    #expect(all.count == 4 * 324)
    #expect(try rows(source, name, 2..<4) == Array(all[(2 * 324)...]))
    #expect(try rows(slice, name, 0..<4) == all)
    #expect(all[..<324] != all[324..<648])
    #expect(try rows(preset.source(format: .q4_0, seed: 8), name, 0..<4) != all)
    #expect(try rows(source, "blk.1.attn_q.weight", 0..<4) != all)
    #expect(try rows(source, name, 3..<3).isEmpty)
  }

  /// By a second implementation of FNV-1a, SplitMix64 and the Q8_0 pattern, in Python.
  @Test func rowsAreTheSameOnEveryMachine() throws {
    let source = try Preset.named("smollm2-135m").source(format: .q8_0, seed: 1)
    #expect(try rows(source, "blk.0.attn_q.weight", 5..<6).prefix(8) == [141, 16, 85, 197, 173, 1, 81, 53])
  }

  @Test(arguments: WeightFormat.allCases, [("smollm2-1.7b", 2048), ("llama-3.1-70b", 28672)])
  func weightsAreFiniteAndOfTheWantedSize(format: WeightFormat, model: (name: String, columns: Int)) throws {
    let source = try Preset.named(model.name).source(format: format, seed: 3, layers: 1)
    let entry = try #require(source.tensors.first { $0.columns == model.columns && $0.rows > 8 })
    #expect(entry.format == format)
    let count = entry.columns
    var squares = 0.0
    var sum = 0.0
    source.withRows(0..<8, of: entry) { bytes in
      for row in 0..<8 {
        let weights = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
          if let blocks = bytes.baseAddress, let output = buffer.baseAddress {
            BlockFormats.row(format, blocks + row * entry.rowBytes, count: count, into: output)
            initialized = count
          }
        }
        #expect(weights.allSatisfy { $0.isFinite && ($0.isNormal || $0 == 0) })
        for weight in weights {
          sum += Double(weight)
          squares += Double(weight) * Double(weight)
        }
      }
    }
    let deviation = (squares / Double(8 * count)).squareRoot()
    let wanted = max(1 / Double(count).squareRoot(), 1.0 / 64)
    // Formats that know only powers of two come within √2, float16 scales are cut by up to 6 %.
    #expect(deviation > wanted * 0.68 && deviation < wanted * 1.45, "\(deviation / wanted)")
    #expect(abs(sum / Double(8 * count)) < wanted / 5)
  }

  @Test func normsAreNearOne() throws {
    let source = try Preset.named("gemma-3-270m").source(format: .q4_0, seed: 3)
    let entry = try #require(source.tensor("blk.0.post_ffw_norm.weight"))
    #expect(entry.format == .f32 && entry.rows == 1)
    source.withBytes(of: entry) { bytes in
      let weights = (0..<entry.columns).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
      #expect(weights.allSatisfy { $0 >= 1 && $0 < 1.25 })
      #expect(Set(weights).count > 600)
    }
  }
}
