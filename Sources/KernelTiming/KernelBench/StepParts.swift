import Engine
import KernelContract
import Model

/// A step or a prompt as calls of kernels that can be timed one by one.
package struct StepParts: Sendable {
  /// What is called so many times.
  package struct Part: Hashable, Sendable {
    package let operationClass: OperationClass
    package let problem: KernelProblem
    package let calls: Int
  }

  package let parts: [Part]

  /// The calls of a pass in which one sequence appends `tokens` tokens after `context` others, and one row of logits is computed.
  /// Looking up a row of embeddings for each token is left out: it is a thousandth of the bytes of a step.
  package init(_ source: any TensorSource, tokens: Int, context: Int, cache: CacheFormat) {
    let model = source.description
    var counts: [Part: Int] = [:]
    var order: [Part] = []
    func add(_ operationClass: OperationClass, _ problem: KernelProblem, _ calls: Int = 1) {
      let part = Part(operationClass: operationClass, problem: problem, calls: 1)
      if counts[part] == nil { order.append(part) }
      counts[part, default: 0] += calls
    }
    func rows(_ operation: RowOperation, _ count: Int, _ columns: Int) -> KernelProblem {
      .rows(operation, RowShape(rows: count, columns: columns))
    }
    let width = model.embeddingLength
    for shape in model.tensorShapes where shape.kind == .matrix {
      let isHead = shape.name == (model.hasTiedHead ? "token_embd.weight" : "output.weight")
      guard isHead || shape.name != "token_embd.weight", let entry = source.tensor(shape.name) else { continue }
      let product = ProductShape(tokens: isHead ? 1 : tokens, rows: entry.rows, columns: entry.columns)
      add(isHead ? .head : .matmul, .product(product, entry.format))
    }
    let rotation: RowOperation = model.rotation.pairing == .adjacent ? .rope : .ropeNeox
    let turned = (model.headCount + model.keyValueHeadCount) * tokens
    for layer in 0..<model.layerCount {
      let window = model.isSliding(layer: layer) ? model.slidingWindow ?? .max : .max
      // Tokens that see a window read it and themselves.
      let positions = min(context, window) + tokens
      add(
        .attention,
        .attention(
          AttentionShape(
            heads: model.headCount, keyValueHeads: model.keyValueHeadCount, headSize: model.headSize, tokens: tokens,
            positions: positions), cache))
      add(.norm, rows(.norm, tokens, width), model.hasPostNorms ? 4 : 2)
      if model.hasQueryKeyNorm { add(.norm, rows(.norm, turned, model.headSize)) }
      add(.norm, rows(.add, tokens, width), 2)
      add(.rotation, rows(rotation, turned, model.rotation.dimensions))
      add(.attention, rows(.storeKey(cache), tokens * model.keyValueHeadCount, model.headSize))
      add(.attention, rows(.storeValue(cache), tokens * model.keyValueHeadCount, model.headSize))
      let gate: RowOperation = model.activation.operation == .geglu ? .geglu : .swiglu
      add(.activation, rows(gate, tokens, model.feedForwardLength))
    }
    add(.norm, rows(.norm, 1, width))
    parts = order.map { Part(operationClass: $0.operationClass, problem: $0.problem, calls: counts[$0] ?? 0) }
  }
}
