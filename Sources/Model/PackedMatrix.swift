import KernelContract
import Kernels

/// A weight matrix in the kernels' layout.
package struct PackedMatrix: @unchecked Sendable {
  package let layout: PackedLayout
  package let weights: UnsafeRawPointer
  private let memory: AlignedMemory

  package var rows: Int { layout.rows }
  package var columns: Int { layout.columns }
  package var format: WeightFormat { layout.format }

  /// Reads and packs a tensor, each part of the work its own share of the rows.
  init(_ entry: TensorEntry, from source: any TensorSource, parallel: Parallel) throws {
    let layout = PackedLayout(format: entry.format, rows: entry.rows, columns: entry.columns)
    guard let memory = AlignedMemory(bytes: layout.bytes) else {
      throw ModelError("\(source.origin): \(entry.name): not enough memory for \(layout.bytes) bytes of weights")
    }
    self.layout = layout
    self.memory = memory
    weights = UnsafeRawPointer(memory.pointer)
    let target = SharedPointer(memory.pointer)
    parallel.run { part, parts in
      let mine = share(layout.groups, part: part, of: parts, unit: 2)
      var done = mine.lowerBound * 16
      for group in mine {
        let rows = group * 16..<min(group * 16 + 16, entry.rows)
        source.withRows(rows, of: entry) { bytes in
          Packing.pack(
            group: target.pointer + group * layout.groupBytes, layout: layout, rows: bytes.baseAddress!,
            rowBytes: entry.rowBytes, rowCount: rows.count)
        }
        // As it goes: the file's pages and the packed rows of a whole matrix need not be in memory together.
        if (rows.upperBound - done) * entry.rowBytes >= Self.bytesHeld {
          source.adviseDone(done..<rows.upperBound, of: entry)
          done = rows.upperBound
        }
      }
      source.adviseDone(done..<max(done, min(mine.upperBound * 16, entry.rows)), of: entry)
    }
  }

  private static let bytesHeld = 4 << 20
}

/// A pointer that may cross to other threads because they write disjoint parts.
package struct SharedPointer: @unchecked Sendable {
  package let pointer: UnsafeMutableRawPointer
  package init(_ pointer: UnsafeMutableRawPointer) { self.pointer = pointer }
}

/// Something that runs a body once for each of some parts, at the same time, and returns when all are done.
package struct Parallel: Sendable {
  package typealias Body = @Sendable (_ part: Int, _ parts: Int) -> Void
  package let run: @Sendable (Body) -> Void
  package init(_ run: @escaping @Sendable (Body) -> Void) { self.run = run }

  package static let serial = Parallel { $0(0, 1) }
}
