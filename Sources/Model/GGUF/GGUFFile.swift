import KernelContract

/// A model in a GGUF file, or in the parts of a split one: the first part's metadata, and the tensors of all.
package final class GGUFFile: Sendable {
  package let parts: [GGUFPart]
  /// Part after part, each in its file's order.
  package let tensors: [GGUFTensor]
  /// The place of each tensor in `tensors`, and its part.
  private let places: [String: (index: Int, part: Int)]

  package var path: String { parts[0].path }
  package var metadata: GGUFMetadata { parts[0].metadata }

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
    parts = try GGUFPart(storage, path: path).withOtherParts()
    var tensors: [GGUFTensor] = []
    var places: [String: (index: Int, part: Int)] = [:]
    for (number, part) in parts.enumerated() {
      for tensor in part.tensors {
        if let earlier = places.updateValue((tensors.count, number), forKey: tensor.name) {
          throw GGUFError(
            path: part.path, field: "tensor '\(oneLine(tensor.name))'",
            reason: earlier.part == number ? "is there twice" : "is in part \(earlier.part + 1) too")
        }
        tensors.append(tensor)
      }
    }
    self.tensors = tensors
    self.places = places
  }

  package func tensor(_ name: String) -> GGUFTensor? { places[name].map { tensors[$0.index] } }

  /// The tensor's bytes in the map, valid as long as the file object lives.
  package func bytes(of tensor: GGUFTensor) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      rebasing: storage(of: tensor).bytes[tensor.offset..<tensor.offset + tensor.byteCount])
  }

  /// Says that some of the tensor's bytes will not be needed soon, after repacking: the kernel may reuse their memory.
  func adviseDone(_ range: Range<Int>, of tensor: GGUFTensor) {
    storage(of: tensor).adviseDone(tensor.offset + range.lowerBound..<tensor.offset + range.upperBound)
  }

  private func storage(of tensor: GGUFTensor) -> GGUFStorage {
    guard let place = places[tensor.name] else { preconditionFailure("a tensor of another file") }
    return parts[place.part].storage
  }

  /// An error about `tensor`, for readers that find it unfit.
  package func failure(tensor name: String, _ reason: String) -> GGUFError {
    GGUFError(path: path, field: "tensor '\(oneLine(name))'", reason: reason)
  }
}
