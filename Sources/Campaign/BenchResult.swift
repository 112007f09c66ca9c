import Quantities
import Records

/// All finished repetitions of one test.
package struct BenchResult: Sendable {
  package let test: LlamaBenchRow.Test
  /// One array a repetition: a prefill run, a decode run, or both in this order.
  package let repetitions: [[RunRecord]]

  package init(test: LlamaBenchRow.Test, repetitions: [[RunRecord]]) {
    self.test = test
    self.repetitions = repetitions
  }

  /// Wall time of each repetition.
  package var walls: [Seconds] { repetitions.map { $0.reduce(.zero) { $0 + $1.wall } } }

  /// What one repetition computed and moved.
  package var operations: OperationCount {
    (repetitions.first ?? []).flatMap(\.operations.values).reduce(.zero, +)
  }

  /// As llama-bench reports it; nil where the clock saw no time pass.
  package func row(build: LlamaBenchRow.Build, processor: String) -> LlamaBenchRow? {
    guard let first = repetitions.first?.first else { return nil }
    return LlamaBenchRow(
      build: build, processor: processor, model: first.model, configuration: first.configuration, test: test,
      time: first.time, walls: walls, processes: repetitions.compactMap { $0.first?.process }, operations: operations,
      energy: LlamaBenchEnergy(repetitions))
  }
}
