import Engine
import KernelContract
import Model
import TestSupport
import Testing

/// Kernels declare what they cost; here their sum is held to the closed form of the architecture, written from the paper formulas.
@Suite struct CostTests {
  /// Sliced presets keep the shapes and spare the memory.
  @Test(arguments: ["smollm2-135m", "qwen3-0.6b", "gemma-3-270m"], [0, 1000])
  func sumsToTheClosedForm(name: String, context: Int) throws {
    let layers = 7  // a global and several sliding layers of gemma
    let source = try Preset.named(name).source(format: .q8_0, seed: 1, layers: layers)
    let model = try LoadedModel(source)
    let d = model.description
    for (tokens, sequences) in [(1, 1), (1, 5), (40, 1)] {
      let engine = try Engine(model, TestEngine.options(.auto, context: 1100, sequences: sequences))
      let cost = engine.costs(tokens: tokens, context: context, sequences: sequences, logitRows: sequences)
      let rows = tokens * sequences

      // Multiply-adds of a layer: Q and O are embedding × heads·size, K and V embedding × kvHeads·size, three feed-forward matrices.
      let queryWidth = d.headCount * d.headSize
      let keyWidth = d.keyValueHeadCount * d.headSize
      let layer = d.embeddingLength * (2 * queryWidth + 2 * keyWidth + 3 * d.feedForwardLength)
      #expect(cost[.matmul]?.flops == 2 * rows * layers * layer)
      #expect(cost[.head]?.flops == 2 * sequences * d.embeddingLength * d.vocabularySize)

      // Scores and weighted sum: 2 multiply-adds an element of a query head and visible position.
      let visible = (0..<layers).reduce(0) { sum, index in
        let window = d.isSliding(layer: index) ? d.slidingWindow! : .max
        return sum + (0..<tokens).reduce(0) { $0 + min(window, context + $1 + 1) }
      }
      #expect(cost[.attention]?.flops == 4 * queryWidth * visible * sequences)
    }
  }

  /// A decode step reads each tensor of the file once, one row of the embedding, and the keys and values of every position.
  @Test(arguments: Fixtures.models)
  func decodeReadsTheFileOnce(name: String) throws {
    let source = try FileSource(path: Fixtures.model(name))
    let model = try LoadedModel(source)
    let d = model.description
    let engine = try Engine(model, TestEngine.options(.auto, context: 64))
    let context = 40
    let cost = engine.costs(tokens: 1, context: context, logitRows: 1)
    let inputs =
      engine.model.layers.reduce(0) { $0 + $1.matrices.reduce(0) { $0 + 4 * $1.columns } } + 4 * d.embeddingLength
    let matrices = (cost[.matmul]?.bytesRead ?? 0) + (cost[.head]?.bytesRead ?? 0) - inputs
    let vectors = cost[.norm]?.bytesRead ?? 0
    let untied = d.hasTiedHead ? 0 : try #require(source.tensor("token_embd.weight")).byteCount
    let file = source.tensors.filter { $0.name != "rope_freqs.weight" }.reduce(0) { $0 + $1.byteCount }
    #expect(matrices + vectors == file - untied)
    #expect(cost[.embedding]?.bytesRead == model.embedding.rowBytes)
    let positions = (0..<d.layerCount).reduce(0) { sum, index in
      sum + (d.isSliding(layer: index) ? min(context + 1, d.slidingWindow!) : context + 1)
    }
    let perPosition = d.keyValueHeadCount * d.headSize * 2 * 2  // keys and values, two bytes an element
    let queries = 4 * d.headCount * d.headSize * d.layerCount
    #expect(cost[.attention]?.bytesRead == positions * perPosition + queries)
  }
}
