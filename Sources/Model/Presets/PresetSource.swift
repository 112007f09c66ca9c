import KernelContract

/// A preset's weights, made when they are asked for. A row depends on seed, tensor name and row number alone, so that
/// ranges may be asked for in any order and a slice has the layers of the whole.
package final class PresetSource: TensorSource {
  package let origin: String
  package let description: ModelDescription
  package let tensors: [TensorEntry]
  package let seed: UInt64
  private let indices: [String: Int]
  private let patterns: [RandomBlocks]

  init(name: String, description: ModelDescription, format: WeightFormat, seed: UInt64) {
    origin = "preset \(name)"
    self.description = description
    self.seed = seed
    let shapes = description.tensorShapes
    tensors = shapes.map { shape in
      TensorEntry(
        name: shape.name, format: shape.format(asking: format), rows: shape.rows, columns: shape.columns,
        location: RandomBlocks.stream(seed: seed, name: shape.name))
    }
    var known: [Key: RandomBlocks] = [:]
    patterns = shapes.map { shape in
      let format = shape.format(asking: format)
      let key = Key(format: format, columns: shape.columns, kind: shape.kind)
      if let pattern = known[key] { return pattern }
      let pattern = RandomBlocks(kind: shape.kind, format: format, columns: shape.columns)
      known[key] = pattern
      return pattern
    }
    indices = Dictionary(uniqueKeysWithValues: shapes.indices.map { (shapes[$0].name, $0) })
  }

  private struct Key: Hashable {
    let format: WeightFormat
    let columns: Int
    let kind: TensorShape.Kind
  }

  package func tensor(_ name: String) -> TensorEntry? { indices[name].map { tensors[$0] } }

  package func withRows<R>(
    _ rows: Range<Int>, of entry: TensorEntry, _ body: (UnsafeRawBufferPointer) throws -> R
  ) rethrows -> R {
    guard let index = indices[entry.name], tensors[index] == entry, rows.lowerBound >= 0, rows.upperBound <= entry.rows
    else { preconditionFailure("rows of a tensor that this source does not have") }
    let pattern = patterns[index]
    let rowBytes = entry.rowBytes
    return try withUnsafeTemporaryAllocation(byteCount: rows.count * rowBytes, alignment: 64) { buffer in
      for (place, row) in rows.enumerated() {
        let start = place * rowBytes
        pattern.fill(
          UnsafeMutableRawBufferPointer(rebasing: buffer[start..<start + rowBytes]), stream: entry.location, row: row)
      }
      return try body(UnsafeRawBufferPointer(buffer))
    }
  }
}
