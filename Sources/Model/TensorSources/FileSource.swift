/// The weights of a GGUF file, lent from its map without a copy.
package final class FileSource: TensorSource {
  package let file: GGUFFile
  package let description: ModelDescription
  package let tensors: [TensorEntry]
  private let indices: [String: Int]

  package var origin: String { file.path }

  /// Reads the hyperparameters and checks every tensor against them; `layers` cuts the model short afterwards.
  package convenience init(path: String, layers: Int? = nil) throws {
    try self.init(GGUFFile(path: path), layers: layers)
  }

  package init(_ file: GGUFFile, layers: Int? = nil) throws {
    let whole = try ModelDescription(file)
    self.file = file
    description = try layers.map { try whole.sliced(layers: $0) } ?? whole
    tensors = file.tensors.enumerated().map { index, tensor in
      TensorEntry(
        name: tensor.name, format: tensor.format, rows: tensor.dimensions.dropFirst().reduce(1, *),
        columns: tensor.dimensions[0], location: UInt64(index))
    }
    indices = Dictionary(uniqueKeysWithValues: tensors.indices.map { (file.tensors[$0].name, $0) })
    try whole.checkTensors(self)
  }

  package func tensor(_ name: String) -> TensorEntry? { indices[name].map { tensors[$0] } }

  package func withRows<R>(
    _ rows: Range<Int>, of entry: TensorEntry, _ body: (UnsafeRawBufferPointer) throws -> R
  ) rethrows -> R {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= entry.rows, "rows outside of the tensor")
    return try body(UnsafeRawBufferPointer(rebasing: file.bytes(of: tensor(of: entry))[bytes(of: rows, entry)]))
  }

  package func adviseDone(_ rows: Range<Int>, of entry: TensorEntry) {
    file.adviseDone(bytes(of: rows, entry), of: tensor(of: entry))
  }

  private func tensor(of entry: TensorEntry) -> GGUFTensor { file.tensors[Int(entry.location)] }

  private func bytes(of rows: Range<Int>, _ entry: TensorEntry) -> Range<Int> {
    rows.lowerBound * entry.rowBytes..<rows.upperBound * entry.rowBytes
  }
}
