import KernelContract

/// A tensor that a source can give.
package struct TensorEntry: Sendable, Equatable {
  package let name: String
  package let format: WeightFormat
  package let rows: Int
  /// Length of a row, a whole number of the format's blocks.
  package let columns: Int
  /// Where its source finds it: its place in the file's list, or the start of a random stream.
  let location: UInt64

  package var rowBytes: Int { format.bytes(of: columns) }
  package var byteCount: Int { rows * rowBytes }
}

/// Where a model's weights come from: a file or a seeded preset.
///
/// The loader asks for row ranges, from any thread and in any order, so that each thread can pack the rows that it
/// will read, so that the whole model is never held twice.
package protocol TensorSource: AnyObject, Sendable {
  /// What errors and records call it: a path or `preset <name>`.
  var origin: String { get }
  var description: ModelDescription { get }
  var tensors: [TensorEntry] { get }

  func tensor(_ name: String) -> TensorEntry?

  /// Lends the blocks of consecutive rows, unaligned, valid inside `body`.
  func withRows<R>(
    _ rows: Range<Int>, of entry: TensorEntry, _ body: (UnsafeRawBufferPointer) throws -> R
  ) rethrows -> R

  /// Says that the rows have been repacked and will not be asked for soon.
  func adviseDone(_ rows: Range<Int>, of entry: TensorEntry)
}

extension TensorSource {
  package func adviseDone(_ rows: Range<Int>, of entry: TensorEntry) {}

  package func withBytes<R>(of entry: TensorEntry, _ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    try withRows(0..<entry.rows, of: entry, body)
  }

  /// Each format of the matrices that are multiplied; rows of an embedding without a head are only looked up.
  package var matrixFormats: [WeightFormat] {
    let matrices = description.tensorShapes.filter {
      $0.kind == .matrix && ($0.name != "token_embd.weight" || description.hasTiedHead)
    }
    let used = Set(matrices.compactMap { tensor($0.name)?.format })
    return WeightFormat.allCases.filter(used.contains)
  }

  /// Bytes of the tensors that `description` reads.
  package var weightBytes: Int {
    description.tensorShapes.reduce(0) { $0 + (tensor($1.name)?.byteCount ?? 0) }
  }
}
