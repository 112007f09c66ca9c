/// The type of a metadata value. Source: the GGUF specification's `gguf_metadata_value_type`.
package enum GGUFValueType: UInt32, Sendable {
  case uint8 = 0
  case int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64, float64

  /// Bytes of one value, where all values have as many.
  var fixedSize: Int? {
    switch self {
    case .uint8, .int8, .bool: 1
    case .uint16, .int16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    case .string, .array: nil
    }
  }

  /// The fewest bytes that a value can take: a string is at least its length, an array its type and count.
  var minimumSize: Int { fixedSize ?? (self == .string ? 8 : 12) }
}

/// A metadata value; an array stays in the file until it is asked for.
package enum GGUFValue: Sendable {
  case unsigned(UInt64)
  case signed(Int64)
  case float(Double)
  case bool(Bool)
  /// What stands for a bool and is neither 0 nor 1: an error only where it is asked for.
  case byte(UInt8)
  case string(String)
  case array(GGUFArray)

  /// How an error message calls it.
  var kind: String {
    switch self {
    case .unsigned(let value): "the integer \(value)"
    case .signed(let value): "the integer \(value)"
    case .float(let value): "the float \(value)"
    case .bool(let value): "the bool \(value)"
    case .byte(let value): "a bool whose byte is \(value)"
    case .string(let value): "the string '\(oneLine(value, limit: 40))'"
    case .array(let array): "an array of \(array.count) \(array.elementType)"
    }
  }
}

extension GGUFCursor {
  /// Arrays inside arrays deeper than this are an attack on the stack, not a model.
  private static let deepestNesting = 8

  mutating func value(
    of type: GGUFValueType, depth: Int = 0, _ field: @autoclosure () -> String
  ) throws(GGUFError) -> GGUFValue {
    switch type {
    case .uint8: return .unsigned(UInt64(try integer(UInt8.self, field())))
    case .uint16: return .unsigned(UInt64(try integer(UInt16.self, field())))
    case .uint32: return .unsigned(UInt64(try integer(UInt32.self, field())))
    case .uint64: return .unsigned(try integer(UInt64.self, field()))
    case .int8: return .signed(Int64(try integer(Int8.self, field())))
    case .int16: return .signed(Int64(try integer(Int16.self, field())))
    case .int32: return .signed(Int64(try integer(Int32.self, field())))
    case .int64: return .signed(try integer(Int64.self, field()))
    case .float32: return .float(Double(Float(bitPattern: try integer(UInt32.self, field()))))
    case .float64: return .float(Double(bitPattern: try integer(UInt64.self, field())))
    case .bool:
      let byte = try integer(UInt8.self, field())
      return byte <= 1 ? .bool(byte == 1) : .byte(byte)
    case .string: return .string(try string(field()))
    case .array: return .array(try array(depth: depth, field()))
    }
  }

  /// Checks an array to its end and remembers where it is.
  private mutating func array(depth: Int, _ field: @autoclosure () -> String) throws(GGUFError) -> GGUFArray {
    guard depth < Self.deepestNesting else {
      throw failure(field(), "nests arrays deeper than \(Self.deepestNesting) levels")
    }
    let type = try type("\(field()): array element")
    let count = try count(minimumSize: type.minimumSize, "\(field()): array length")
    let start = offset
    if let size = type.fixedSize {
      try skip(size * count, field())
    } else if type == .string {
      for index in 0..<count { _ = try stringBytes("\(field())[\(index)]") }
    } else {
      for index in 0..<count { _ = try array(depth: depth + 1, "\(field())[\(index)]") }
    }
    return GGUFArray(elementType: type, count: count, start: start, depth: depth, storage: storage)
  }
}
