import KernelContract
import Kernels
import Model

/// One operation of a step: which kernel does it and what it costs by its own declaration.
package struct PlannedOperation: Sendable {
  package let operationClass: OperationClass
  package let kernel: KernelIdentity
  package let cost: OperationCost
}

/// What a model's steps compute with the kernels of a selection, without computing it.
package struct StepPlan {
  private let model: LoadedModel
  private let kernels: KernelSelection
  private let keyFormat: CacheFormat
  private let valueFormat: CacheFormat

  package init(_ model: LoadedModel, _ kernels: KernelSelection, keyFormat: CacheFormat, valueFormat: CacheFormat) {
    self.model = model
    self.kernels = kernels
    self.keyFormat = keyFormat
    self.valueFormat = valueFormat
  }

  /// What a step costs in which each of `sequences` sequences appends `tokens` tokens after `context` that it holds, and
  /// `logitRows` rows of logits are computed. Weights are read once for all of them.
  package func operations(tokens: Int, context: Int, sequences: Int = 1, logitRows: Int) -> [PlannedOperation] {
    let description = model.description
    let rows = tokens * sequences
    let rowKernel = kernels.vectors.identity
    var list: [PlannedOperation] = []
    func add(_ operationClass: OperationClass, _ kernel: KernelIdentity, _ cost: OperationCost, times: Int = 1) {
      list.append(PlannedOperation(operationClass: operationClass, kernel: kernel, cost: cost * times))
    }
    func add(_ operationClass: OperationClass, _ matrix: PackedMatrix, _ rows: Int, by kernel: KernelIdentity? = nil) {
      add(
        operationClass, kernel ?? kernels.matrix(matrix.format, tokens: rows).identity,
        MatrixKernel.cost(format: matrix.format, rows: matrix.rows, columns: matrix.columns, tokens: rows))
    }
    let width = description.embeddingLength
    add(
      .embedding, RawRow.identity(model.embedding.format),
      OperationCost(bytesRead: model.embedding.rowBytes, bytesWritten: 4 * width), times: rows)
    let rotation = rowKernel(description.rotation.pairing == .adjacent ? .rope : .ropeNeox)
    let attention =
      kernels.tiledAttention(tokens: tokens, sequences: sequences)?.identity ?? rowKernel(.attention)
    for (index, layer) in model.layers.enumerated() {
      let (gate, up, down) = (layer.gate.format, layer.up.format, layer.down.format)
      let gated = kernels.gated(
        kernels.matrix(gate, tokens: rows), kernels.matrix(up, tokens: rows), kernels.matrix(down, tokens: rows))
      for matrix in [layer.query, layer.key, layer.value, layer.attentionOutput, layer.down] {
        add(.matmul, matrix, rows)
      }
      for matrix in [layer.gate, layer.up] { add(.matmul, matrix, rows, by: gated?.identity) }
      let norms = [layer.attentionNorm, layer.postAttentionNorm, layer.feedForwardNorm, layer.postFeedForwardNorm]
      for norm in norms.compactMap({ $0 }) { add(.norm, rowKernel(.norm), VectorCost.norm(norm.count, rows: rows)) }
      for (norm, heads) in [
        (layer.queryNorm, description.headCount), (layer.keyNorm, description.keyValueHeadCount),
      ] {
        if let norm { add(.norm, rowKernel(.norm), VectorCost.norm(norm.count, rows: rows * heads)) }
      }
      for bias in [layer.queryBias, layer.keyBias, layer.valueBias].compactMap({ $0 }) {
        add(.norm, rowKernel(.add), VectorCost.bias(bias.count, rows: rows))
      }
      let turned = (description.headCount + description.keyValueHeadCount) * description.rotation.dimensions
      add(.rotation, rotation, VectorCost.rotation(turned, rows: rows))
      // Where it is done between the products, it goes with them: a few of their thousands of operations for each element.
      add(
        .activation, gated?.identity ?? rowKernel(description.activation.operation),
        VectorCost.product(description.feedForwardLength, rows: rows))
      let window = description.isSliding(layer: index) ? description.slidingWindow ?? .max : .max
      let visible = (0..<tokens).reduce(0) { $0 + min(context + $1 + 1, window) }
      let oldest = window < context ? context - window + 1 : 0
      add(
        .attention, attention,
        AttentionContract.cost(
          keyFormat: keyFormat, valueFormat: valueFormat, headSize: description.headSize,
          heads: description.headCount, keyValueHeads: description.keyValueHeadCount, tokens: tokens, visible: visible,
          positions: context + tokens - oldest), times: sequences)
    }
    if logitRows > 0 {
      add(.norm, rowKernel(.norm), VectorCost.norm(width, rows: logitRows))
      add(.head, model.head, logitRows)
    }
    return list
  }
}

extension Engine {
  package func operations(tokens: Int, context: Int, sequences: Int = 1, logitRows: Int) -> [PlannedOperation] {
    StepPlan(model, kernels, keyFormat: options.keyFormat, valueFormat: options.valueFormat)
      .operations(tokens: tokens, context: context, sequences: sequences, logitRows: logitRows)
  }

  /// The same, summed by class.
  package func costs(
    tokens: Int, context: Int, sequences: Int = 1, logitRows: Int
  ) -> [OperationClass: OperationCost] {
    operations(tokens: tokens, context: context, sequences: sequences, logitRows: logitRows)
      .reduce(into: [:]) { $0[$1.operationClass, default: .zero] += $1.cost }
  }
}
