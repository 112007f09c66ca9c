/// A valid model file of a few kilobytes, for tests that break it.
package enum TinyModel {
  package static let embedding = 32
  package static let heads = 4
  package static let keyValueHeads = 2
  package static let headSize = 8
  package static let feedForward = 32
  package static let vocabulary = 12

  /// `layers` layers of llama in Q8_0 but for embedding and `ffn_down`, which are F32.
  package static func llama(layers: Int = 1, hasTiedHead: Bool = true) -> GGUFWriter {
    var writer = GGUFWriter()
    writer["general.architecture"] = .text("llama")
    writer["general.name"] = .text("Tiny")
    writer["llama.block_count"] = .uint32(UInt32(layers))
    writer["llama.context_length"] = .uint32(128)
    writer["llama.embedding_length"] = .uint32(UInt32(embedding))
    writer["llama.feed_forward_length"] = .uint32(UInt32(feedForward))
    writer["llama.attention.head_count"] = .uint32(UInt32(heads))
    writer["llama.attention.head_count_kv"] = .uint32(UInt32(keyValueHeads))
    writer["llama.attention.layer_norm_rms_epsilon"] = .float32(1e-5)
    writer["llama.rope.dimension_count"] = .uint32(UInt32(headSize))
    writer["tokenizer.ggml.model"] = .text("gpt2")
    writer["tokenizer.ggml.tokens"] = .strings((0..<vocabulary).map { "token\($0)" })
    writer["tokenizer.ggml.scores"] = .floats((0..<vocabulary).map { -Float($0) })
    writer["tokenizer.ggml.token_type"] = .integers([Int32](repeating: 1, count: vocabulary))

    let keys = keyValueHeads * headSize
    writer.tensors = [matrix("token_embd.weight", vocabulary, embedding), vector("output_norm.weight", embedding)]
    if !hasTiedHead { writer.tensors.append(matrix("output.weight", vocabulary, embedding)) }
    for layer in 0..<layers {
      let block = "blk.\(layer)."
      writer.tensors += [
        vector(block + "attn_norm.weight", embedding),
        q8(block + "attn_q.weight", heads * headSize, embedding),
        q8(block + "attn_k.weight", keys, embedding),
        q8(block + "attn_v.weight", keys, embedding),
        q8(block + "attn_output.weight", embedding, heads * headSize),
        vector(block + "ffn_norm.weight", embedding),
        q8(block + "ffn_gate.weight", feedForward, embedding),
        q8(block + "ffn_up.weight", feedForward, embedding),
        matrix(block + "ffn_down.weight", embedding, feedForward),
      ]
    }
    return writer
  }

  package static func vector(_ name: String, _ count: Int) -> GGUFWriter.Tensor {
    .init(name, dimensions: [UInt64(count)], floats: [Float](repeating: 1, count: count))
  }

  package static func matrix(_ name: String, _ rows: Int, _ columns: Int) -> GGUFWriter.Tensor {
    .init(
      name, dimensions: [UInt64(columns), UInt64(rows)],
      floats: (0..<rows * columns).map { Float($0 % 17 - 8) / 64 })
  }

  /// Q8_0 (type 8): float16 2⁻⁶ and 32 bytes a block.
  package static func q8(_ name: String, _ rows: Int, _ columns: Int) -> GGUFWriter.Tensor {
    let block: [UInt8] = [0x00, 0x24] + (0..<32).map { UInt8(bitPattern: Int8($0 - 16)) }
    let bytes = (0..<rows * columns / 32).flatMap { _ in block }
    return .init(name, dimensions: [UInt64(columns), UInt64(rows)], type: 8, bytes: bytes)
  }
}
