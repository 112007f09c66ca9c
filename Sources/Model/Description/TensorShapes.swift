import KernelContract

/// A tensor that a model needs.
package struct TensorShape: Sendable, Equatable {
  package enum Kind: Sendable { case matrix, norm, bias }
  package let name: String
  package let rows: Int
  package let columns: Int
  package let kind: Kind
}

extension ModelDescription {
  /// Every tensor that the forward pass reads, by the names that llama.cpp gives them. A vector is one row.
  package var tensorShapes: [TensorShape] {
    var shapes: [TensorShape] = []
    func add(_ name: String, _ rows: Int, _ columns: Int, _ kind: TensorShape.Kind = .matrix) {
      shapes.append(TensorShape(name: name, rows: rows, columns: columns, kind: kind))
    }
    let queries = headCount * headSize
    let keys = keyValueHeadCount * headSize
    add("token_embd.weight", vocabularySize, embeddingLength)
    for layer in 0..<layerCount {
      let block = "blk.\(layer)."
      add(block + "attn_norm.weight", 1, embeddingLength, .norm)
      for (part, rows) in [("attn_q", queries), ("attn_k", keys), ("attn_v", keys)] {
        add(block + part + ".weight", rows, embeddingLength)
        if hasQueryKeyValueBias { add(block + part + ".bias", 1, rows, .bias) }
      }
      if hasQueryKeyNorm {
        add(block + "attn_q_norm.weight", 1, headSize, .norm)
        add(block + "attn_k_norm.weight", 1, headSize, .norm)
      }
      add(block + "attn_output.weight", embeddingLength, queries)
      if hasPostNorms { add(block + "post_attention_norm.weight", 1, embeddingLength, .norm) }
      add(block + "ffn_norm.weight", 1, embeddingLength, .norm)
      add(block + "ffn_gate.weight", feedForwardLength, embeddingLength)
      add(block + "ffn_up.weight", feedForwardLength, embeddingLength)
      add(block + "ffn_down.weight", embeddingLength, feedForwardLength)
      if hasPostNorms { add(block + "post_ffw_norm.weight", 1, embeddingLength, .norm) }
    }
    add("output_norm.weight", 1, embeddingLength, .norm)
    if !hasTiedHead { add("output.weight", vocabularySize, embeddingLength) }
    return shapes
  }

  /// Weights of all tensors; a tied head counts once.
  package var parameterCount: Int { tensorShapes.reduce(0) { $0 + $1.rows * $1.columns } }

  /// Bytes of all tensors with matrices in `format` and vectors in F32.
  package func weightBytes(format: WeightFormat) -> Int {
    tensorShapes.reduce(0) { $0 + $1.rows * $1.format(asking: format).bytes(of: $1.columns) }
  }

  /// The first `layers` layers at full width: layers are alike, so that cost at full depth follows from a few.
  package func sliced(layers: Int) throws(ModelError) -> ModelDescription {
    guard (1...layerCount).contains(layers) else {
      throw ModelError("\(name): layers: is \(layers); 1 to \(layerCount) are possible")
    }
    var slice = self
    slice.layerCount = layers
    return slice
  }
}
