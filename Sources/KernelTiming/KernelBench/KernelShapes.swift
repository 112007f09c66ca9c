import KernelContract

/// `tokens` rows of activations times a matrix of `rows` rows of `columns` weights: M, N and K of a product in the field's words.
package struct ProductShape: Hashable, Sendable, CustomStringConvertible {
  package let tokens: Int
  package let rows: Int
  package let columns: Int

  package init(tokens: Int, rows: Int, columns: Int) {
    self.tokens = tokens
    self.rows = rows
    self.columns = columns
  }

  package var description: String { "\(tokens)x\(rows)x\(columns)" }
}

/// `tokens` tokens that see what a cache of `positions` positions holds, themselves at its end.
package struct AttentionShape: Hashable, Sendable, CustomStringConvertible {
  package let heads: Int
  package let keyValueHeads: Int
  package let headSize: Int
  package let tokens: Int
  package let positions: Int

  package init(heads: Int, keyValueHeads: Int, headSize: Int, tokens: Int, positions: Int) {
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.headSize = headSize
    self.tokens = tokens
    self.positions = positions
  }

  package var description: String { "\(heads)x\(keyValueHeads)x\(headSize), \(tokens) of \(positions)" }

  /// (token, position) pairs: the first token sees all positions before it and itself, each other one more.
  var visible: Int { tokens * (positions - tokens) + tokens * (tokens + 1) / 2 }
}

/// `rows` rows of `columns` Floats.
package struct RowShape: Hashable, Sendable, CustomStringConvertible {
  package let rows: Int
  package let columns: Int

  package init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
  }

  package var description: String { "\(rows)x\(columns)" }
}

/// What a row of the kernel bench computes, whoever computes it.
package enum KernelProblem: Hashable, Sendable {
  case product(ProductShape, WeightFormat)
  case attention(AttentionShape, CacheFormat)
  case rows(RowOperation, RowShape)
  case sampling(SamplingMethod, vocabulary: Int)

  /// The unpadded work, by the contract's formulas.
  package var cost: OperationCost {
    switch self {
    case .product(let shape, let format):
      MatrixKernel.cost(format: format, rows: shape.rows, columns: shape.columns, tokens: shape.tokens)
    case .attention(let shape, let format):
      AttentionContract.cost(
        keyFormat: format, valueFormat: format, headSize: shape.headSize, heads: shape.heads,
        keyValueHeads: shape.keyValueHeads, tokens: shape.tokens, visible: shape.visible, positions: shape.positions)
    case .rows(let operation, let shape): operation.cost(rows: shape.rows, columns: shape.columns)
    case .sampling(_, let vocabulary): OperationCost(bytesRead: 4 * vocabulary)
    }
  }

  /// One thread samples, however many compute.
  var isSerial: Bool { if case .sampling = self { true } else { false } }

  /// Weights and caches are read from memory; rows and logits were just computed.
  var isColdInDecode: Bool {
    switch self {
    case .product, .attention: true
    case .rows, .sampling: false
    }
  }

  package var format: String? {
    switch self {
    case .product(_, let format): format.rawValue
    case .attention(_, let format): format.rawValue
    case .rows(let operation, _): operation.format
    case .sampling: nil
    }
  }

  /// What is shown together where there is one row for each size.
  var family: String {
    guard case .product(let shape, _) = self else { return size }
    return "products of \(shape.tokens) token\(shape.tokens == 1 ? "" : "s")"
  }

  package var size: String {
    switch self {
    case .product(let shape, _): "\(shape)"
    case .attention(let shape, let format): "attention \(shape), \(format.rawValue)"
    case .rows(let operation, let shape):
      "\(operation.kernel.rawValue) \(shape)" + (operation.format.map { ", \($0)" } ?? "")
    case .sampling(_, let vocabulary): "sampling of \(vocabulary)"
    }
  }
}
