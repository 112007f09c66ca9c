/// An array in a file's metadata: checked when the file was opened, decoded when it is asked for.
package struct GGUFArray: Sendable {
  package let elementType: GGUFValueType
  package let count: Int
  let start: Int
  let depth: Int
  let storage: GGUFStorage

  private func cursor(path: String) -> GGUFCursor { GGUFCursor(storage, path: path, offset: start) }

  /// All elements, one value each; for arrays of strings or numbers the typed accessors are much cheaper.
  package func values() throws(GGUFError) -> [GGUFValue] {
    var cursor = cursor(path: "GGUF array")
    var values: [GGUFValue] = []
    values.reserveCapacity(count)
    for index in 0..<count {
      values.append(try cursor.value(of: elementType, depth: depth + 1, "element \(index)"))
    }
    return values
  }

  /// The elements as integers of any width; nil if they are not, or if one does not fit.
  func integers() -> [Int]? {
    switch elementType {
    case .uint8: decode(UInt8.self) { Int($0) }
    case .int8: decode(Int8.self) { Int($0) }
    case .uint16: decode(UInt16.self) { Int($0) }
    case .int16: decode(Int16.self) { Int($0) }
    case .uint32: decode(UInt32.self) { Int($0) }
    case .int32: decode(Int32.self) { Int($0) }
    case .uint64: decode(UInt64.self) { Int(exactly: $0) }
    case .int64: decode(Int64.self) { Int($0) }
    default: nil
    }
  }

  func floats() -> [Float]? {
    switch elementType {
    case .float32: decode(UInt32.self) { Float(bitPattern: $0) }
    case .float64: decode(UInt64.self) { Float(Double(bitPattern: $0)) }
    default: nil
    }
  }

  func bools() -> [Bool]? { elementType == .bool ? decode(UInt8.self) { $0 <= 1 ? $0 == 1 : nil } : nil }

  func strings() -> GGUFStrings? { elementType == .string ? GGUFStrings(self) : nil }

  private func decode<T: FixedWidthInteger, R>(_ type: T.Type, _ convert: (T) -> R?) -> [R]? {
    var result: [R] = []
    result.reserveCapacity(count)
    for index in 0..<count {
      let offset = start + index * MemoryLayout<T>.size
      let raw = T(littleEndian: storage.bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
      guard let element = convert(raw) else { return nil }
      result.append(element)
    }
    return result
  }
}

/// An array of strings, such as a vocabulary, whose text stays in the file: an element is decoded when it is read.
package struct GGUFStrings: RandomAccessCollection, Sendable {
  /// Where each string's length field is, and where the array ends.
  private let offsets: [Int]
  private let storage: GGUFStorage

  /// `array` was checked to its end when the file was opened.
  init(_ array: GGUFArray) {
    var offset = array.start
    storage = array.storage
    offsets = [Int](unsafeUninitializedCapacity: array.count + 1) { [bytes = array.storage.bytes] buffer, initialized in
      for index in 0..<array.count {
        buffer.initializeElement(at: index, to: offset)
        offset += 8 + Int(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
      }
      buffer.initializeElement(at: array.count, to: offset)
      initialized = array.count + 1
    }
  }

  package var startIndex: Int { 0 }
  package var endIndex: Int { offsets.count - 1 }

  /// The string, with U+FFFD where it is not UTF-8; `bytes(at:)` gives what the file holds.
  package subscript(index: Int) -> String { withBytes(at: index) { String(decoding: $0, as: UTF8.self) } }

  package func bytes(at index: Int) -> [UInt8] { withBytes(at: index) { [UInt8]($0) } }

  package func length(at index: Int) -> Int { offsets[index + 1] - offsets[index] - 8 }

  /// Lends the string's bytes, not copied.
  package func withBytes<R>(at index: Int, _ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    try body(UnsafeRawBufferPointer(rebasing: storage.bytes[offsets[index] + 8..<offsets[index + 1]]))
  }
}
