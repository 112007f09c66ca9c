/// An operation on rows of Floats as it is timed alone, with the format that it reads or writes where it has several.
package enum RowOperation: Hashable, Sendable {
  case norm, add, scale, swiglu, geglu, softcap, rope, ropeNeox, roundBFloat16
  case quantize(ActivationFormat)
  case storeKey(CacheFormat)
  case storeValue(CacheFormat)
  case embedding(WeightFormat)

  /// All of them, of these formats.
  package static func all(
    weights: [WeightFormat] = WeightFormat.allCases, cache: [CacheFormat] = CacheFormat.allCases
  ) -> [RowOperation] {
    [.norm, .add, .scale, .swiglu, .geglu, .softcap, .rope, .ropeNeox, .roundBFloat16]
      + [.int8, .f32, .bf16].map { .quantize($0) } + cache.map { .storeKey($0) } + cache.map { .storeValue($0) }
      + weights.map { .embedding($0) }
  }

  package var kernel: KernelOperation {
    switch self {
    case .norm: .norm
    case .add: .add
    case .scale: .scale
    case .swiglu: .swiglu
    case .geglu: .geglu
    case .softcap: .softcap
    case .rope: .rope
    case .ropeNeox: .ropeNeox
    case .roundBFloat16: .roundBFloat16
    case .quantize: .quantize
    case .storeKey: .storeKey
    case .storeValue: .storeValue
    case .embedding: .embedding
    }
  }

  package var format: String? {
    switch self {
    case .quantize(let format): format.rawValue
    case .storeKey(let format), .storeValue(let format): format.rawValue
    case .embedding(let format): format.rawValue
    default: nil
    }
  }

  /// The flops are those of a step. The bytes are those of rows that are read from memory and written to it once; in a step they
  /// stay in caches. What all rows share (a norm's weights, angles) is read once. Changing a format is no arithmetic.
  package func cost(rows: Int, columns: Int) -> OperationCost {
    let row = 4 * columns
    func cost(_ flops: OperationCost = .zero, read: Int, written: Int, shared: Int = 0) -> OperationCost {
      OperationCost(flops: flops.flops, bytesRead: read * rows + shared, bytesWritten: written * rows)
    }
    return switch self {
    case .norm: cost(VectorCost.norm(columns, rows: rows), read: row, written: row, shared: row)
    case .add: cost(VectorCost.bias(columns, rows: rows), read: 2 * row, written: row)
    case .scale: cost(OperationCost(flops: columns * rows), read: row, written: row)
    case .swiglu, .geglu: cost(VectorCost.product(columns, rows: rows), read: 2 * row, written: row)
    // Two quotients, an exponential, a sum, a difference and a product.
    case .softcap: cost(OperationCost(flops: 6 * columns * rows), read: row, written: row)
    case .rope, .ropeNeox: cost(VectorCost.rotation(columns, rows: rows), read: row, written: row, shared: row)
    case .roundBFloat16: cost(read: row, written: row)
    case .quantize(.f32): cost(read: row, written: row)
    case .quantize(.bf16): cost(read: row, written: row / 2)
    // A byte for each element and a scale for each 32.
    case .quantize(.int8): cost(read: row, written: columns + (columns + 31) / 32 * 4)
    case .storeKey(let format), .storeValue(let format):
      cost(read: row, written: CacheLayout.bytes(format, elements: columns))
    case .embedding(let format): cost(read: format.bytes(of: columns), written: row)
    }
  }
}
