/// Writes small GGUF files for tests, valid unless told otherwise. It shares no code with the reader that it tests.
package struct GGUFWriter: Sendable {
  package indirect enum Value: Sendable {
    case uint8(UInt8), int8(Int8), uint16(UInt16), int16(Int16), uint32(UInt32), int32(Int32), float32(Float)
    case bool(Bool), string([UInt8]), uint64(UInt64), int64(Int64), float64(Double)
    /// The type number stands for itself, so that an empty array has one.
    case array(type: UInt32, [Value])
    /// A type number and bytes as they are, for what the other cases cannot say.
    case raw(type: UInt32, [UInt8])

    package static func text(_ text: String) -> Value { .string(Array(text.utf8)) }
    package static func strings(_ texts: [String]) -> Value { .array(type: 8, texts.map { .text($0) }) }
    package static func floats(_ values: [Float]) -> Value { .array(type: 6, values.map { .float32($0) }) }
    package static func integers(_ values: [Int32]) -> Value { .array(type: 5, values.map { .int32($0) }) }
  }

  package struct Tensor: Sendable {
    package var name: String
    /// GGUF order: the row length first.
    package var dimensions: [UInt64]
    /// GGUF's type number.
    package var type: UInt32
    package var bytes: [UInt8]
    /// In place of the offset that the layout gives.
    package var offset: UInt64?

    package init(_ name: String, dimensions: [UInt64], type: UInt32 = 0, bytes: [UInt8], offset: UInt64? = nil) {
      self.name = name
      self.dimensions = dimensions
      self.type = type
      self.bytes = bytes
      self.offset = offset
    }

    /// An F32 tensor.
    package init(_ name: String, dimensions: [UInt64], floats: [Float]) {
      self.init(name, dimensions: dimensions, bytes: floats.flatMap { littleEndian($0.bitPattern) })
    }
  }

  package var magic: [UInt8] = Array("GGUF".utf8)
  package var version: UInt32 = 3
  /// What the tensors are laid out by; the reader goes by the key `general.alignment`.
  package var alignment = 32
  package var metadata: [(key: String, value: Value)] = []
  package var tensors: [Tensor] = []
  /// In place of the true counts.
  package var metadataCount: UInt64?
  package var tensorCount: UInt64?

  package init() {}

  package subscript(key: String) -> Value? {
    get { metadata.first { $0.key == key }?.value }
    set {
      let index = metadata.firstIndex { $0.key == key }
      switch (index, newValue) {
      case (let index?, let value?): metadata[index].value = value
      case (let index?, nil): metadata.remove(at: index)
      case (nil, let value?): metadata.append((key, value))
      case (nil, nil): break
      }
    }
  }

  package func bytes() -> [UInt8] {
    var file = magic + littleEndian(version)
    file += littleEndian(tensorCount ?? UInt64(tensors.count))
    file += littleEndian(metadataCount ?? UInt64(metadata.count))
    for (key, value) in metadata {
      file += prefixed(Array(key.utf8)) + littleEndian(value.type) + value.payload
    }
    var offset = 0
    for tensor in tensors {
      file += prefixed(Array(tensor.name.utf8)) + littleEndian(UInt32(tensor.dimensions.count))
      for dimension in tensor.dimensions { file += littleEndian(dimension) }
      file += littleEndian(tensor.type) + littleEndian(tensor.offset ?? UInt64(offset))
      offset = roundUp(offset + tensor.bytes.count)
    }
    for tensor in tensors {
      file += [UInt8](repeating: 0, count: roundUp(file.count) - file.count) + tensor.bytes
    }
    return file
  }

  private func roundUp(_ offset: Int) -> Int { (offset + alignment - 1) / alignment * alignment }
}

extension GGUFWriter.Value {
  package var type: UInt32 {
    switch self {
    case .uint8: 0
    case .int8: 1
    case .uint16: 2
    case .int16: 3
    case .uint32: 4
    case .int32: 5
    case .float32: 6
    case .bool: 7
    case .string: 8
    case .array: 9
    case .uint64: 10
    case .int64: 11
    case .float64: 12
    case .raw(let type, _): type
    }
  }

  package var payload: [UInt8] {
    switch self {
    case .uint8(let value): [value]
    case .int8(let value): littleEndian(value)
    case .uint16(let value): littleEndian(value)
    case .int16(let value): littleEndian(value)
    case .uint32(let value): littleEndian(value)
    case .int32(let value): littleEndian(value)
    case .float32(let value): littleEndian(value.bitPattern)
    case .bool(let value): [value ? 1 : 0]
    case .string(let bytes): prefixed(bytes)
    case .array(let type, let values):
      littleEndian(type) + littleEndian(UInt64(values.count)) + values.flatMap(\.payload)
    case .uint64(let value): littleEndian(value)
    case .int64(let value): littleEndian(value)
    case .float64(let value): littleEndian(value.bitPattern)
    case .raw(_, let bytes): bytes
    }
  }
}

/// The value's bytes, lowest first.
package func littleEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}

private func prefixed(_ bytes: [UInt8]) -> [UInt8] { littleEndian(UInt64(bytes.count)) + bytes }
