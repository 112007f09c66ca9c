/// Upper bounds of hyperparameters. Above any model that exists, and low enough that no product of those that make a
/// size (weights, cache, activations) leaves 63 bits.
enum Limit {
  static let vocabulary = 1 << 24
  static let context = 1 << 28
  static let embedding = 1 << 16
  static let feedForward = 1 << 20
  static let layers = 1 << 10
  static let heads = 1 << 10
  static let headSize = 1 << 12
  /// All heads of a layer together.
  static let attentionWidth = 1 << 16
}

extension ModelDescription {
  /// Reads the hyperparameters of a supported architecture, as llama.cpp does where a key is absent.
  package init(_ file: GGUFFile) throws(GGUFError) {
    let metadata = file.metadata
    let architecture = try Architecture(metadata)
    let read = Hyperparameters(metadata: metadata, prefix: architecture.rawValue)
    guard try read.integer("expert_count", in: 0...Int.max, default: 0) == 0 else {
      throw metadata.failure(read.key("expert_count"), "is not 0; mixtures of experts are not supported yet")
    }

    let layers = try read.integer("block_count", in: 1...Limit.layers)
    let context = try read.integer("context_length", in: 1...Limit.context)
    let embedding = try read.integer("embedding_length", in: 1...Limit.embedding)
    let heads = try read.uniformInteger("attention.head_count", layers: layers, in: 1...Limit.heads)
    let keyValueHeads = try read.uniformInteger(
      "attention.head_count_kv", layers: layers, in: 1...heads, default: heads)
    guard heads % keyValueHeads == 0 else {
      throw metadata.failure(
        read.key("attention.head_count_kv"), "is \(keyValueHeads), which does not divide the \(heads) query heads")
    }
    let headSize = try Self.headSize(read, embedding: embedding, heads: heads)
    let sliding = try architecture == .gemma3 ? SlidingPattern(read, layers: layers) : nil
    let softcap =
      try architecture == .gemma3 ? read.float("final_logit_softcapping", in: 0...1e6, default: 0) : 0

    // A name that is not text does no harm.
    name = oneLine((try? metadata.optionalString("general.name")) ?? file.path, limit: 200)
    self.architecture = architecture.rawValue
    vocabularySize = try Self.vocabularySize(file)
    contextLength = context
    embeddingLength = embedding
    feedForwardLength = try read.uniformInteger("feed_forward_length", layers: layers, in: 1...Limit.feedForward)
    layerCount = layers
    headCount = heads
    keyValueHeadCount = keyValueHeads
    self.headSize = headSize
    normEpsilon = Float(try read.float("attention.layer_norm_rms_epsilon", in: 0...1))
    rotation = try Rotation(
      read, architecture: architecture, file: file, headSize: headSize, contextLength: context,
      hasSlidingLayers: sliding != nil)
    slidingWindow = sliding?.window
    globalLayerEvery = sliding?.globalLayerEvery
    // gemma3 27B, known by its depth, divides by embedding/heads = 168 where its heads have 128 elements.
    let isGemma27B = architecture == .gemma3 && layers == 62
    attentionScale = 1 / Float(isGemma27B ? max(1, embedding / heads) : headSize).squareRoot()
    embeddingScale = architecture == .gemma3 ? Float(embedding).squareRoot() : 1
    attentionSoftcap = nil
    logitSoftcap = softcap > 0 ? Float(softcap) : nil
    activation = architecture.activation
    hasQueryKeyNorm = architecture.hasQueryKeyNorm
    hasQueryKeyValueBias = file.tensor("blk.0.attn_q.bias") != nil
    hasPostNorms = architecture == .gemma3
    hasTiedHead = file.tensor("output.weight") == nil
  }

  private static func headSize(_ read: Hyperparameters, embedding: Int, heads: Int) throws(GGUFError) -> Int {
    let metadata = read.metadata
    let keyLength = read.key("attention.key_length")
    if metadata[keyLength] == nil, embedding % heads != 0 {
      throw metadata.failure(keyLength, "is missing and \(heads) heads do not divide the embedding of \(embedding)")
    }
    let size = try read.integer("attention.key_length", in: 1...Limit.headSize, default: embedding / heads)
    let valueSize = try read.integer("attention.value_length", in: 1...Limit.headSize, default: embedding / heads)
    guard size == valueSize else {
      throw metadata.failure(keyLength, "is \(size) but value_length \(valueSize); they must be equal")
    }
    guard size * heads <= Limit.attentionWidth else {
      throw metadata.failure(
        keyLength, "is \(size), which with \(heads) heads makes more than the \(Limit.attentionWidth) supported")
    }
    return size
  }

  /// The embedding's rows; a token outside of them could not be looked up.
  private static func vocabularySize(_ file: GGUFFile) throws(GGUFError) -> Int {
    let name = "token_embd.weight"
    guard let embedding = file.tensor(name) else { throw file.failure(tensor: name, "is missing") }
    let rows = embedding.dimensions.dropFirst().reduce(1, *)
    guard rows <= Limit.vocabulary else {
      throw file.failure(tensor: name, "has \(rows) rows; up to \(Limit.vocabulary) are supported")
    }
    let key = "tokenizer.ggml.tokens"
    if case .array(let tokens)? = file.metadata[key], tokens.count > rows {
      throw file.metadata.failure(key, "has \(tokens.count) tokens but \(name) only \(rows) rows")
    }
    return rows
  }
}
