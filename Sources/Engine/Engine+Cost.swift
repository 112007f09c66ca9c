import KernelContract
import Kernels
import Model

/// One operation of a step: which kernel does it and what it costs by its own declaration.
package struct PlannedOperation: Sendable {
  package let operationClass: OperationClass
  package let kernel: String
  package let cost: OperationCost
}

extension Engine {
  /// What a step costs in which each of `sequences` sequences appends `tokens` tokens after `context` that it holds, and
  /// `logitRows` rows of logits are computed. Weights are read once for all of them.
  package func operations(tokens: Int, context: Int, sequences: Int = 1, logitRows: Int) -> [PlannedOperation] {
    let rows = tokens * sequences
    var list: [PlannedOperation] = []
    func add(_ operationClass: OperationClass, _ kernel: String, _ cost: OperationCost, times: Int = 1) {
      list.append(PlannedOperation(operationClass: operationClass, kernel: kernel, cost: cost * times))
    }
    func add(_ operationClass: OperationClass, _ matrix: PackedMatrix, _ rows: Int) {
      add(
        operationClass, kernels.matrix(matrix.format, tokens: rows).identity,
        MatrixKernel.cost(format: matrix.format, rows: matrix.rows, columns: matrix.columns, tokens: rows))
    }
    let isa = kernels.isa.rawValue
    let width = description.embeddingLength
    add(
      .embedding, "embedding.\(model.embedding.format.rawValue.lowercased())",
      OperationCost(bytesRead: model.embedding.rowBytes, bytesWritten: 4 * width), times: rows)
    for (index, layer) in model.layers.enumerated() {
      for matrix in layer.matrices { add(.matmul, matrix, rows) }
      let norms = [layer.attentionNorm, layer.postAttentionNorm, layer.feedForwardNorm, layer.postFeedForwardNorm]
      for norm in norms.compactMap({ $0 }) { add(.norm, "norm.f32.\(isa)", VectorCost.norm(norm.count, rows: rows)) }
      for (norm, heads) in [
        (layer.queryNorm, description.headCount), (layer.keyNorm, description.keyValueHeadCount),
      ] {
        if let norm { add(.norm, "norm.f32.\(isa)", VectorCost.norm(norm.count, rows: rows * heads)) }
      }
      for bias in [layer.queryBias, layer.keyBias, layer.valueBias].compactMap({ $0 }) {
        add(.norm, "add.f32.\(isa)", VectorCost.bias(bias.count, rows: rows))
      }
      let turned = (description.headCount + description.keyValueHeadCount) * description.rotation.dimensions
      add(.rotation, "rotation.f32.\(isa)", VectorCost.rotation(turned, rows: rows))
      add(.activation, "activation.f32.\(isa)", VectorCost.product(description.feedForwardLength, rows: rows))
      let window = description.isSliding(layer: index) ? description.slidingWindow ?? .max : .max
      let visible = (0..<tokens).reduce(0) { $0 + min(context + $1 + 1, window) }
      let oldest = window < context ? context - window + 1 : 0
      add(
        .attention, "attention.\(options.keyFormat.rawValue).\(options.valueFormat.rawValue).\(isa)",
        AttentionContract.cost(
          keyFormat: options.keyFormat, valueFormat: options.valueFormat, headSize: description.headSize,
          heads: description.headCount, keyValueHeads: description.keyValueHeadCount, tokens: tokens, visible: visible,
          positions: context + tokens - oldest), times: sequences)
    }
    if logitRows > 0 {
      add(.norm, "norm.f32.\(isa)", VectorCost.norm(width, rows: logitRows))
      add(.head, model.head, logitRows)
    }
    return list
  }

  /// The same, summed by class.
  package func costs(
    tokens: Int, context: Int, sequences: Int = 1, logitRows: Int
  ) -> [OperationClass: OperationCost] {
    operations(tokens: tokens, context: context, sequences: sequences, logitRows: logitRows)
      .reduce(into: [:]) { $0[$1.operationClass, default: .zero] += $1.cost }
  }
}
