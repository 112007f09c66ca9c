import Quantities
import Records

/// All finished repetitions of one test.
package struct BenchResult: Sendable {
  package let test: BenchShape
  /// One array a repetition: a prefill run, a decode run, or both in this order.
  package let repetitions: [[RunRecord]]

  package init(test: BenchShape, repetitions: [[RunRecord]]) {
    self.test = test
    self.repetitions = repetitions
  }

  /// Wall time of each repetition.
  package var walls: [Seconds] { repetitions.map { $0.reduce(.zero) { $0 + $1.wall } } }
}
