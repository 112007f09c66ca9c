import KernelContract
import KernelReference

/// Reads a single row in the file's own layout: embeddings and norms, which no matrix kernel touches.
package enum RawRow {
  package static func identity(_ format: WeightFormat) -> KernelIdentity {
    KernelIdentity(.embedding, weights: format, isa: .baseline)
  }

  /// The first `count` weights of a row as Floats.
  package static func floats(
    _ format: WeightFormat, _ row: UnsafeRawPointer, count: Int, into output: UnsafeMutablePointer<Float>
  ) {
    BlockFormats.row(format, row, count: count, into: output)
  }
}
