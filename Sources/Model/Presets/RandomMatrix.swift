import KernelContract
import Kernels

/// A matrix of seeded random weights that belongs to no model, made when it is asked for.
package struct RandomMatrix: Sendable {
  package let layout: PackedLayout
  private let blocks: RandomBlocks
  private let stream: UInt64

  package init(_ format: WeightFormat, rows: Int, columns: Int, seed: UInt64) {
    layout = PackedLayout(format: format, rows: rows, columns: columns)
    blocks = RandomBlocks(kind: .matrix, format: format, columns: columns)
    stream = RandomBlocks.stream(seed: seed, name: "matrix")
  }

  package var rowBytes: Int { layout.format.bytes(of: layout.columns) }

  /// Writes consecutive rows as a file would hold them.
  package func fill(_ bytes: UnsafeMutableRawBufferPointer, rows: Range<Int>) {
    for (place, row) in rows.enumerated() {
      let start = place * rowBytes
      blocks.fill(UnsafeMutableRawBufferPointer(rebasing: bytes[start..<start + rowBytes]), stream: stream, row: row)
    }
  }

  /// Writes groups of rows in the kernels' layout, each where it lies in the matrix that begins at `target`.
  package func pack(groups: Range<Int>, into target: UnsafeMutableRawPointer) {
    withUnsafeTemporaryAllocation(byteCount: 16 * rowBytes, alignment: 64) { buffer in
      for group in groups {
        let rows = group * 16..<min(group * 16 + 16, layout.rows)
        fill(buffer, rows: rows)
        Packing.pack(
          group: target + group * layout.groupBytes, layout: layout, rows: UnsafeRawPointer(buffer.baseAddress!),
          rowBytes: rowBytes, rowCount: rows.count)
      }
    }
  }
}
