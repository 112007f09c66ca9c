import Analysis
import Quantities
import Records

/// One test as llama-bench reports it: all repetitions of one shape, in its field names and its order, with ours behind.
///
/// Field names, types and defaults: llama.cpp, `tools/llama-bench/llama-bench.cpp`, commit 0104b151.
package struct LlamaBenchRow: Sendable {
  package let bench: BenchSummary
  /// The fields that llama-bench has too, and behind them this tool's own.
  let fields: [Field]
  let ours: [Field]

  package struct Field: Sendable, Hashable {
    package var name: String
    package var value: Value
  }

  package enum Value: Sendable, Hashable {
    case text(String)
    case flag(Bool)
    case whole(Int)
    case real(Double)
    /// A value that is not known: it is left out of JSON and empty in a table.
    case absent
  }

  package struct Build: Sendable, Hashable {
    package var commit: String
    package var number: Int

    package init(commit: String, number: Int) {
      self.commit = commit
      self.number = number
    }
  }

  package init(_ bench: BenchSummary, build: Build, processor: String) {
    self.bench = bench
    fields =
      Self.machineFields(build, processor) + Self.modelFields(bench.model) + Self.settingFields(bench.configuration) + [
        Field("n_prompt", .whole(bench.shape.promptTokens)), Field("n_gen", .whole(bench.shape.generatedTokens)),
        Field("n_depth", .whole(bench.shape.depth)), Field("test_time", .text(bench.time)),
        Field("avg_ns", .whole(Int(bench.nanoseconds.mean.rounded()))),
        Field("stddev_ns", .whole(Int((bench.nanoseconds.standardDeviation ?? 0).rounded()))),
        Field("avg_ts", .real(bench.rates.mean)), Field("stddev_ts", .real(bench.rates.standardDeviation ?? 0)),
      ]
    ours = Self.ownFields(bench) + Self.energyFields(bench.energy)
  }
}
