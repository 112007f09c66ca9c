import KernelContract

/// A GGUF file, version 2 or 3, mapped into memory: metadata and tensors checked, weights in place.
package final class GGUFFile: Sendable {
  package let path: String
  package let version: Int
  package let metadata: GGUFMetadata
  /// In the file's order.
  package let tensors: [GGUFTensor]
  package let alignment: Int
  /// Where the tensors' data start, from the start of the file.
  package let dataOffset: Int
  private let indices: [String: Int]
  private let storage: GGUFStorage

  package convenience init(path: String) throws(GGUFError) {
    try self.init(GGUFStorage(mapping: path), path: path)
  }

  /// A file in memory, called `name` in errors; the bytes are copied.
  package convenience init(bytes: some Collection<UInt8>, name: String) throws(GGUFError) {
    try self.init(GGUFStorage(copying: bytes), path: name)
  }

  /// A file in memory that the caller keeps until the last use of the file and of what it returned.
  package convenience init(lending bytes: UnsafeRawBufferPointer, name: String) throws(GGUFError) {
    try self.init(GGUFStorage(lending: bytes) {}, path: name)
  }

  private init(_ storage: GGUFStorage, path: String) throws(GGUFError) {
    var cursor = GGUFCursor(storage, path: path)
    let version = try cursor.version()
    // A tensor takes at least name length, rank, one dimension, type and offset; a key its length, type and a byte.
    let tensorCount = try cursor.count(minimumSize: 32, "header tensor count")
    let keyCount = try cursor.count(minimumSize: 13, "header metadata count")
    let metadata = try cursor.metadata(count: keyCount)
    let alignment = try cursor.alignment(metadata)
    try cursor.refuseSplit(metadata)

    var entries: [GGUFTensor] = []
    entries.reserveCapacity(tensorCount)
    for index in 0..<tensorCount {
      entries.append(try cursor.tensor(index: index, of: tensorCount, alignment: alignment))
    }
    let dataOffset = (cursor.offset + alignment - 1) / alignment * alignment
    let size = storage.bytes.count
    var indices: [String: Int] = [:]
    indices.reserveCapacity(tensorCount)
    self.tensors = try entries.enumerated().map { index, entry throws(GGUFError) in
      let field = "tensor '\(oneLine(entry.name))'"
      guard indices.updateValue(index, forKey: entry.name) == nil else {
        throw cursor.failure(field, "is there twice")
      }
      let offset = dataOffset + entry.offset
      guard offset + entry.byteCount <= size else {
        throw cursor.failure(
          field, "ends at byte \(offset + entry.byteCount) but the file has \(size) bytes; is it truncated?")
      }
      return GGUFTensor(
        name: entry.name, format: entry.format, dimensions: entry.dimensions, byteCount: entry.byteCount,
        offset: offset)
    }
    self.path = path
    self.version = version
    self.metadata = metadata
    self.alignment = alignment
    self.dataOffset = dataOffset
    self.indices = indices
    self.storage = storage
  }

  package func tensor(_ name: String) -> GGUFTensor? { indices[name].map { tensors[$0] } }

  /// The tensor's bytes in the map, valid as long as the file object lives.
  package func bytes(of tensor: GGUFTensor) -> UnsafeRawBufferPointer {
    bytes(in: tensor.offset..<tensor.offset + tensor.byteCount)
  }

  /// Says that the tensor's bytes will not be needed soon, after repacking: the kernel may reuse their memory.
  package func adviseDone(_ tensor: GGUFTensor) {
    adviseDone(tensor.offset..<tensor.offset + tensor.byteCount)
  }

  func bytes(in range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: storage.bytes[range]) }

  func adviseDone(_ range: Range<Int>) { storage.adviseDone(range) }

  /// An error about `tensor`, for readers that find it unfit.
  package func failure(tensor name: String, _ reason: String) -> GGUFError {
    GGUFError(path: path, field: "tensor '\(oneLine(name))'", reason: reason)
  }
}
