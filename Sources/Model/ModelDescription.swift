import KernelContract

/// Everything that the forward pass needs to know of a model besides its weights; the same for a file and for a preset.
package struct ModelDescription: Codable, Sendable, Equatable {
  /// A human's name: `general.name` of the file, or the preset's.
  package var name: String
  /// GGUF's `general.architecture`.
  package var architecture: String
  package var vocabularySize: Int
  package var contextLength: Int
  package var embeddingLength: Int
  package var feedForwardLength: Int
  package var layerCount: Int
  package var headCount: Int
  package var keyValueHeadCount: Int
  /// Elements of one query or key head, and of one value head (equal in every supported architecture).
  package var headSize: Int
  package var normEpsilon: Float
  package var rotation: Rotation
  /// Tokens that a sliding layer attends to, itself included; nil where every layer sees all.
  package var slidingWindow: Int?
  /// Every n-th layer sees the whole context, the others the sliding window (gemma3: 6).
  package var globalLayerEvery: Int?
  /// Factor on query·key.
  package var attentionScale: Float
  /// Factor on the embedding (gemma: √embeddingLength).
  package var embeddingScale: Float
  /// cap·tanh(x/cap) on attention scores and on logits.
  package var attentionSoftcap: Float?
  package var logitSoftcap: Float?
  package var activation: GateFunction
  package var hasQueryKeyNorm: Bool
  package var hasQueryKeyValueBias: Bool
  /// gemma3's second pair of norms, on what attention and feed-forward return.
  package var hasPostNorms: Bool
  /// The head multiplies by the embedding matrix; the file has no `output.weight`.
  package var hasTiedHead: Bool

  package struct Rotation: Codable, Sendable, Equatable {
    /// Which pairs turn together: (0,1),(2,3)… (llama) or (0,n/2),(1,n/2+1)… (qwen, gemma).
    package enum Pairing: String, Codable, Sendable { case adjacent, halves }
    package var pairing: Pairing
    /// Elements of a head that are turned, from the first.
    package var dimensions: Int
    package var base: Double
    /// The sliding layers' base, where it differs (gemma3).
    package var slidingBase: Double?
    package var scaling: Scaling

    package enum Scaling: Codable, Sendable, Equatable {
      case none
      /// Positions divided by `factor` (not in sliding layers).
      case linear(factor: Double)
      /// llama3: one divisor a frequency, from the tensor `rope_freqs.weight` or computed by the preset.
      case perFrequency(factors: [Float])
      /// YaRN (arXiv 2309.00071).
      case yarn(factor: Double, originalContext: Int, attentionFactor: Double, betaFast: Double, betaSlow: Double)
    }
  }

  /// Whether the layer attends only to its sliding window.
  package func isSliding(layer: Int) -> Bool {
    guard slidingWindow != nil else { return false }
    guard let every = globalLayerEvery else { return true }
    return (layer + 1) % every != 0
  }

  /// Query heads that share one key and value head.
  package var groupSize: Int { headCount / keyValueHeadCount }
}
