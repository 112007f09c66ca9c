import KernelContract
import Kernels

/// A model whose matrices are packed and whose vectors are Floats, ready for the engine.
package final class LoadedModel: @unchecked Sendable {
  package let description: ModelDescription
  package let source: any TensorSource
  package let layers: [Layer]
  package let outputNorm: FloatVector
  package let head: PackedMatrix
  package let embedding: TensorEntry

  package final class Layer: Sendable {
    package let attentionNorm: FloatVector
    package let query: PackedMatrix
    package let key: PackedMatrix
    package let value: PackedMatrix
    package let queryBias: FloatVector?
    package let keyBias: FloatVector?
    package let valueBias: FloatVector?
    package let queryNorm: FloatVector?
    package let keyNorm: FloatVector?
    package let attentionOutput: PackedMatrix
    package let postAttentionNorm: FloatVector?
    package let feedForwardNorm: FloatVector
    package let gate: PackedMatrix
    package let up: PackedMatrix
    package let down: PackedMatrix
    package let postFeedForwardNorm: FloatVector?

    init(
      attentionNorm: FloatVector, query: PackedMatrix, key: PackedMatrix, value: PackedMatrix, queryBias: FloatVector?,
      keyBias: FloatVector?, valueBias: FloatVector?, queryNorm: FloatVector?, keyNorm: FloatVector?,
      attentionOutput: PackedMatrix, postAttentionNorm: FloatVector?, feedForwardNorm: FloatVector, gate: PackedMatrix,
      up: PackedMatrix, down: PackedMatrix, postFeedForwardNorm: FloatVector?
    ) {
      self.attentionNorm = attentionNorm
      self.query = query
      self.key = key
      self.value = value
      self.queryBias = queryBias
      self.keyBias = keyBias
      self.valueBias = valueBias
      self.queryNorm = queryNorm
      self.keyNorm = keyNorm
      self.attentionOutput = attentionOutput
      self.postAttentionNorm = postAttentionNorm
      self.feedForwardNorm = feedForwardNorm
      self.gate = gate
      self.up = up
      self.down = down
      self.postFeedForwardNorm = postFeedForwardNorm
    }

    package var matrices: [PackedMatrix] { [query, key, value, attentionOutput, gate, up, down] }
  }

  package init(_ source: any TensorSource, parallel: Parallel = .serial) throws {
    let model = source.description
    func entry(_ name: String) throws -> TensorEntry {
      guard let entry = source.tensor(name) else {
        throw ModelError("\(source.origin): \(name): the tensor is missing")
      }
      return entry
    }
    func matrix(_ name: String) throws -> PackedMatrix {
      try PackedMatrix(entry(name), from: source, parallel: parallel)
    }
    func vector(_ name: String) throws -> FloatVector { try FloatVector(entry(name), from: source) }
    func optional(_ name: String, _ wanted: Bool) throws -> FloatVector? { wanted ? try vector(name) : nil }
    description = model
    self.source = source
    layers = try (0..<model.layerCount).map { index in
      let prefix = "blk.\(index)."
      return Layer(
        attentionNorm: try vector(prefix + "attn_norm.weight"),
        query: try matrix(prefix + "attn_q.weight"),
        key: try matrix(prefix + "attn_k.weight"),
        value: try matrix(prefix + "attn_v.weight"),
        queryBias: try optional(prefix + "attn_q.bias", model.hasQueryKeyValueBias),
        keyBias: try optional(prefix + "attn_k.bias", model.hasQueryKeyValueBias),
        valueBias: try optional(prefix + "attn_v.bias", model.hasQueryKeyValueBias),
        queryNorm: try optional(prefix + "attn_q_norm.weight", model.hasQueryKeyNorm),
        keyNorm: try optional(prefix + "attn_k_norm.weight", model.hasQueryKeyNorm),
        attentionOutput: try matrix(prefix + "attn_output.weight"),
        postAttentionNorm: try optional(prefix + "post_attention_norm.weight", model.hasPostNorms),
        feedForwardNorm: try vector(prefix + "ffn_norm.weight"),
        gate: try matrix(prefix + "ffn_gate.weight"),
        up: try matrix(prefix + "ffn_up.weight"),
        down: try matrix(prefix + "ffn_down.weight"),
        postFeedForwardNorm: try optional(prefix + "post_ffw_norm.weight", model.hasPostNorms))
    }
    outputNorm = try vector("output_norm.weight")
    embedding = try entry("token_embd.weight")
    head = try matrix(model.hasTiedHead ? "token_embd.weight" : "output.weight")
  }

  /// One token's row of the embedding matrix, from the source's own bytes: a row is needed seldom, packed ones are for products.
  package func embed(_ token: Int32, into output: UnsafeMutablePointer<Float>) {
    let row = Int(token)
    source.withRows(row..<row + 1, of: embedding) { bytes in
      RawRow.floats(embedding.format, bytes.baseAddress!, count: embedding.columns, into: output)
    }
  }
}

/// A norm's weights or a bias, as Floats whatever the file holds.
package struct FloatVector: @unchecked Sendable {
  package let pointer: UnsafePointer<Float>
  package let count: Int
  package var bytes: Int { count * 4 }
  private let memory: AlignedMemory

  init(_ entry: TensorEntry, from source: any TensorSource) throws {
    guard let memory = AlignedMemory(bytes: entry.columns * 4) else {
      throw ModelError("\(source.origin): \(entry.name): not enough memory")
    }
    source.withRows(0..<1, of: entry) { bytes in
      RawRow.floats(entry.format, bytes.baseAddress!, count: entry.columns, into: memory.floats)
    }
    self.memory = memory
    pointer = UnsafePointer(memory.floats)
    count = entry.columns
  }
}
