/// Reads a GGUF file's header front to back; nothing is read, and nothing allocated, before it is known to be there.
struct GGUFCursor {
  let storage: GGUFStorage
  let path: String
  private(set) var offset = 0

  init(_ storage: GGUFStorage, path: String, offset: Int = 0) {
    self.storage = storage
    self.path = path
    self.offset = offset
  }

  var remaining: Int { storage.bytes.count - offset }

  func failure(_ field: String, _ reason: String) -> GGUFError { GGUFError(path: path, field: field, reason: reason) }

  private func truncated(_ field: String, needs count: some BinaryInteger) -> GGUFError {
    failure(field, "needs \(count) bytes at offset \(offset) but the file has only \(remaining) left; is it truncated?")
  }

  mutating func skip(_ count: Int, _ field: @autoclosure () -> String) throws(GGUFError) {
    guard count >= 0, count <= remaining else { throw truncated(field(), needs: count) }
    offset += count
  }

  mutating func integer<T: FixedWidthInteger>(
    _ type: T.Type = T.self, _ field: @autoclosure () -> String
  ) throws(GGUFError) -> T {
    let start = offset
    try skip(MemoryLayout<T>.size, field())
    return T(littleEndian: storage.bytes.loadUnaligned(fromByteOffset: start, as: T.self))
  }

  /// A count of things of which each takes at least `minimumSize` bytes, so that more cannot follow.
  mutating func count(minimumSize: Int, _ field: @autoclosure () -> String) throws(GGUFError) -> Int {
    let count = try integer(UInt64.self, field())
    guard count <= UInt64(remaining / minimumSize) else {
      throw failure(field(), "is \(count), more than the \(remaining) bytes that follow can hold")
    }
    return Int(count)
  }

  /// The bytes of a string, still in the file.
  mutating func stringBytes(_ field: @autoclosure () -> String) throws(GGUFError) -> UnsafeRawBufferPointer {
    let length = try integer(UInt64.self, field())
    guard length <= UInt64(remaining) else { throw truncated(field(), needs: length) }
    let start = offset
    offset += Int(length)
    return UnsafeRawBufferPointer(rebasing: storage.bytes[start..<offset])
  }

  mutating func string(_ field: @autoclosure () -> String) throws(GGUFError) -> String {
    String(decoding: try stringBytes(field()), as: UTF8.self)
  }

  mutating func type(_ field: @autoclosure () -> String) throws(GGUFError) -> GGUFValueType {
    let number = try integer(UInt32.self, field())
    guard let type = GGUFValueType(rawValue: number) else {
      throw failure(field(), "has the unknown value type \(number)")
    }
    return type
  }
}
