import Quantities
import Records

/// All finished repetitions of one test.
package struct BenchResult: Sendable {
  package let shape: BenchShape
  /// One array a repetition: a prefill run, a decode run, or both in this order.
  package internal(set) var repetitions: [[RunRecord]]

  package init(shape: BenchShape, repetitions: [[RunRecord]]) {
    self.shape = shape
    self.repetitions = repetitions
  }

  /// Wall seconds of each process's repetitions.
  package var processWalls: [[Double]] {
    Dictionary(grouping: repetitions) { $0.first?.process ?? 0 }.sorted { $0.key < $1.key }.map { _, runs in
      runs.map { $0.reduce(0) { $0 + $1.wall.value } }
    }
  }
}
