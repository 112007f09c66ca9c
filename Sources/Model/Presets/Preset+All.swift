import Glibc

/// Sources: the models' published `config.json`; names as their authors write them, in lower case.
extension Preset {
  package static let all: [Preset] = [
    smolLM2("smollm2-135m", embedding: 576, feedForward: 1536, layers: 30, heads: 9, keyValueHeads: 3, base: 100_000),
    smolLM2("smollm2-360m", embedding: 960, feedForward: 2560, layers: 32, heads: 15, keyValueHeads: 5, base: 100_000),
    smolLM2(
      "smollm2-1.7b", embedding: 2048, feedForward: 8192, layers: 24, heads: 32, keyValueHeads: 32, base: 130_000),
    qwen3("qwen3-0.6b", embedding: 1024, feedForward: 3072, layers: 28, heads: 16, hasTiedHead: true),
    qwen3("qwen3-4b", embedding: 2560, feedForward: 9728, layers: 36, heads: 32, hasTiedHead: true),
    qwen3("qwen3-8b", embedding: 4096, feedForward: 12288, layers: 36, heads: 32, hasTiedHead: false),
    llama3("llama-3.2-1b", embedding: 2048, feedForward: 8192, layers: 16, heads: 32, factor: 32, hasTiedHead: true),
    llama3("llama-3.2-3b", embedding: 3072, feedForward: 8192, layers: 28, heads: 24, factor: 32, hasTiedHead: true),
    llama3("llama-3.1-8b", embedding: 4096, feedForward: 14336, layers: 32, heads: 32, factor: 8, hasTiedHead: false),
    llama3("llama-3.1-70b", embedding: 8192, feedForward: 28672, layers: 80, heads: 64, factor: 8, hasTiedHead: false),
    gemma3("gemma-3-270m", embedding: 640, feedForward: 2048, layers: 18, heads: 4, keyValueHeads: 1, window: 512),
    gemma3("gemma-3-1b", embedding: 1152, feedForward: 6912, layers: 26, heads: 4, keyValueHeads: 1, window: 512),
    gemma3(
      "gemma-3-4b", embedding: 2560, feedForward: 10240, layers: 34, heads: 8, keyValueHeads: 4, window: 1024,
      context: 131_072, scaling: .linear(factor: 8)),
  ]

  private static func smolLM2(
    _ name: String, embedding: Int, feedForward: Int, layers: Int, heads: Int, keyValueHeads: Int, base: Double
  ) -> Preset {
    Preset(
      .llama, name, vocabulary: 49152, context: 8192, embedding: embedding, feedForward: feedForward, layers: layers,
      heads: heads, keyValueHeads: keyValueHeads, headSize: 64, epsilon: 1e-5, base: base)
  }

  private static func llama3(
    _ name: String, embedding: Int, feedForward: Int, layers: Int, heads: Int, factor: Double, hasTiedHead: Bool
  ) -> Preset {
    let headSize = embedding / heads
    let base = 500_000.0
    let factors = llama3Factors(
      dimensions: headSize, base: base, factor: factor, low: 1, high: 4, originalContext: 8192)
    return Preset(
      .llama, name, vocabulary: 128_256, context: 131_072, embedding: embedding, feedForward: feedForward,
      layers: layers, heads: heads, keyValueHeads: 8, headSize: headSize, epsilon: 1e-5, base: base,
      scaling: .perFrequency(factors: factors), hasTiedHead: hasTiedHead)
  }

  private static func qwen3(
    _ name: String, embedding: Int, feedForward: Int, layers: Int, heads: Int, hasTiedHead: Bool
  ) -> Preset {
    Preset(
      .qwen3, name, vocabulary: 151_936, context: 40960, embedding: embedding, feedForward: feedForward,
      layers: layers, heads: heads, keyValueHeads: 8, headSize: 128, epsilon: 1e-6, base: 1e6,
      hasTiedHead: hasTiedHead)
  }

  private static func gemma3(
    _ name: String, embedding: Int, feedForward: Int, layers: Int, heads: Int, keyValueHeads: Int, window: Int,
    context: Int = 32768, scaling: ModelDescription.Rotation.Scaling = .none
  ) -> Preset {
    Preset(
      .gemma3, name, vocabulary: 262_144, context: context, embedding: embedding, feedForward: feedForward,
      layers: layers, heads: heads, keyValueHeads: keyValueHeads, headSize: 256, epsilon: 1e-6, base: 1e6,
      scaling: scaling, window: window)
  }

  /// Llama 3.1's divisor of each rotation frequency: 1 for those that turn more than `high` times over the original
  /// context, `factor` for those that turn fewer than `low` times, in between interpolated in the frequency.
  static func llama3Factors(
    dimensions: Int, base: Double, factor: Double, low: Double, high: Double, originalContext: Double
  ) -> [Float] {
    (0..<dimensions / 2).map { pair in
      let wavelength = 2 * Double.pi * pow(base, 2 * Double(pair) / Double(dimensions))
      let share = min(1, max(0, (originalContext / wavelength - low) / (high - low)))
      return Float(1 / ((1 - share) / factor + share))
    }
  }

  private init(
    _ architecture: Architecture, _ name: String, vocabulary: Int, context: Int, embedding: Int, feedForward: Int,
    layers: Int, heads: Int, keyValueHeads: Int, headSize: Int, epsilon: Float, base: Double,
    scaling: ModelDescription.Rotation.Scaling = .none, hasTiedHead: Bool = true, window: Int? = nil
  ) {
    let isGemma = architecture == .gemma3
    self.name = name
    description = ModelDescription(
      name: name, architecture: architecture.rawValue, vocabularySize: vocabulary, contextLength: context,
      embeddingLength: embedding, feedForwardLength: feedForward, layerCount: layers, headCount: heads,
      keyValueHeadCount: keyValueHeads, headSize: headSize, normEpsilon: epsilon,
      rotation: .init(
        pairing: architecture.pairing, dimensions: headSize, base: base, slidingBase: isGemma ? 10000 : nil,
        scaling: scaling),
      slidingWindow: window, globalLayerEvery: isGemma ? 6 : nil, attentionScale: 1 / Float(headSize).squareRoot(),
      embeddingScale: isGemma ? Float(embedding).squareRoot() : 1, attentionSoftcap: nil, logitSoftcap: nil,
      activation: architecture.activation, hasQueryKeyNorm: architecture.hasQueryKeyNorm, hasQueryKeyValueBias: false,
      hasPostNorms: isGemma, hasTiedHead: hasTiedHead)
  }
}
