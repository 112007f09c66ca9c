import KernelContract

/// One GGUF file, version 2 or 3, mapped into memory: metadata and tensors checked, weights in place. It is a whole model, or
/// a part of a split one.
package final class GGUFPart: Sendable {
  package let path: String
  package let version: Int
  package let metadata: GGUFMetadata
  /// In the file's order.
  package let tensors: [GGUFTensor]
  package let alignment: Int
  /// Where the tensors' data start, from the start of the file.
  package let dataOffset: Int
  let storage: GGUFStorage

  init(_ storage: GGUFStorage, path: String) throws(GGUFError) {
    var cursor = GGUFCursor(storage, path: path)
    version = try cursor.version()
    // A tensor takes at least name length, rank, one dimension, type and offset; a key its length, type and a byte.
    let tensorCount = try cursor.count(minimumSize: 32, "header tensor count")
    let keyCount = try cursor.count(minimumSize: 13, "header metadata count")
    metadata = try cursor.metadata(count: keyCount)
    let alignment = try cursor.alignment(metadata)
    var entries: [GGUFTensor] = []
    entries.reserveCapacity(tensorCount)
    for index in 0..<tensorCount {
      entries.append(try cursor.tensor(index: index, of: tensorCount, alignment: alignment))
    }
    let dataOffset = (cursor.offset + alignment - 1) / alignment * alignment
    let size = storage.bytes.count
    tensors = try entries.map { entry throws(GGUFError) in
      let tensor = entry.moved(by: dataOffset)
      guard tensor.offset + tensor.byteCount <= size else {
        throw cursor.failure(
          "tensor '\(oneLine(tensor.name))'",
          "ends at byte \(tensor.offset + tensor.byteCount) but the file has \(size) bytes; is it truncated?")
      }
      return tensor
    }
    self.path = path
    self.alignment = alignment
    self.dataOffset = dataOffset
    self.storage = storage
  }
}
