import Quantities
import Statistics

/// One test as llama-bench reports it: all repetitions of one shape, in its field names and its order, with ours behind.
///
/// Field names, types and defaults: llama.cpp, `tools/llama-bench/llama-bench.cpp`, commit 0104b151.
package struct LlamaBenchRow: Sendable {
  package let fields: [Field]
  package let ours: [Field]
  /// Wall time of each repetition.
  package let nanoseconds: [UInt64]
  /// Tokens per second of each repetition, over all sequences.
  package let rates: [Double]
  /// The process of each repetition; empty where all are of one.
  package let processes: [Int]

  package struct Field: Sendable, Hashable {
    package var name: String
    package var value: Value
  }

  package enum Value: Sendable, Hashable {
    case text(String)
    case flag(Bool)
    case whole(Int)
    case real(Double)
    /// Not known; left out of JSON, empty in a table.
    case absent
  }

  /// The parts of a test that llama-bench's flags set.
  package struct Test: Sendable, Hashable {
    package var promptTokens: Int
    package var generatedTokens: Int
    package var depth: Int
    package var sequences: Int

    package init(promptTokens: Int, generatedTokens: Int, depth: Int = 0, sequences: Int = 1) {
      self.promptTokens = promptTokens
      self.generatedTokens = generatedTokens
      self.depth = depth
      self.sequences = sequences
    }

    /// Tokens that the rate counts.
    package var tokens: Int { (promptTokens + generatedTokens) * sequences }

    /// `pp512`, `tg128`, `pp512+tg128`, with ` @ d4096` behind it when the cache was filled first.
    package var name: String {
      let base =
        if generatedTokens == 0 { "pp\(promptTokens)" } else if promptTokens == 0 { "tg\(generatedTokens)" } else {
          "pp\(promptTokens)+tg\(generatedTokens)"
        }
      return depth > 0 ? "\(base) @ d\(depth)" : base
    }
  }

  package struct Build: Sendable, Hashable {
    package var commit: String
    package var number: Int

    package init(commit: String, number: Int) {
      self.commit = commit
      self.number = number
    }
  }

  /// Nil without repetitions, or when one of them took no time: there is no rate then.
  ///
  /// `operations` is what one repetition computed and moved; `processes` has the process of each, or none of any.
  package init?(
    build: Build, processor: String, model: ModelIdentity, configuration: RunConfiguration, test: Test, time: String,
    walls: [Seconds], processes: [Int] = [], operations: OperationCount,
    energy: LlamaBenchEnergy = LlamaBenchEnergy([])
  ) {
    let seconds = walls.map(\.value)
    guard test.tokens > 0, seconds.allSatisfy({ $0 >= 1e-9 && $0 < 1e9 }) else { return nil }
    let rates = seconds.map { Double(test.tokens) / $0 }
    guard let rate = try? Sample(rates), let times = try? Sample(seconds.map { ($0 * 1e9).rounded() }) else {
      return nil
    }
    self.rates = rates
    nanoseconds = times.values.map { UInt64($0) }
    fields =
      Self.machineFields(build, processor) + Self.modelFields(model) + Self.settingFields(configuration) + [
        Field("n_prompt", .whole(test.promptTokens)), Field("n_gen", .whole(test.generatedTokens)),
        Field("n_depth", .whole(test.depth)), Field("test_time", .text(time)),
        Field("avg_ns", .whole(Int(times.mean.rounded()))),
        Field("stddev_ns", .whole(Int((times.standardDeviation ?? 0).rounded()))),
        Field("avg_ts", .real(rate.mean)), Field("stddev_ts", .real(rate.standardDeviation ?? 0)),
      ]
    self.processes = processes.count == rates.count ? processes : []
    let clusters = Self.clusters(rates, self.processes)
    let middle = Self.middle(rate, clusters)
    ours =
      [
        Field("pl", .whole(test.sequences)), Field("flops", .real(operations.flops.value)),
        Field("bytes", .real(operations.bytesRead.value + operations.bytesWritten.value)),
        Field("isa", .text(configuration.isa)), Field("activations", .text(configuration.activations)),
        Field("many_tokens", configuration.manyTokens.map { .text($0.description) } ?? .absent),
        Field("tuning", configuration.tuning.map { .text($0) } ?? .absent),
        Field("slowed_share", configuration.slowedShare.map { .real($0) } ?? .absent),
        Field("median_ts", .real(clusters?.medianEstimate()?.value ?? rate.median)),
        Field("low_ts", middle.interval.map { .real($0.low) } ?? .absent),
        Field("high_ts", middle.interval.map { .real($0.high) } ?? .absent),
        Field("interval_method", .text(middle.method.rawValue)),
        Field("processes", clusters.map { .whole($0.clusters.count) } ?? .absent),
        Field("design_effect", (clusters?.designEffect(at: 0.5)).map { .real($0) } ?? .absent),
        // Builds before load_mode, and scripts made for them, know this name.
        Field("use_mmap", .flag(true)),
      ] + energy.fields
    self.test = test
    self.model = model
  }

  let test: Test
  let model: ModelIdentity

  /// All repetitions of one measured shape; nil when there are none.
  package init?(build: Build, processor: String, repetitions: [RunRecord]) {
    guard let first = repetitions.first else { return nil }
    let operations = first.operations.values.reduce(.zero, +)
    self.init(
      build: build, processor: processor, model: first.model, configuration: first.configuration,
      test: Test(
        promptTokens: first.promptTokens, generatedTokens: first.generatedTokens, depth: first.contextTokens,
        sequences: first.sequences),
      time: first.time, walls: repetitions.map(\.wall), operations: operations,
      energy: LlamaBenchEnergy(repetitions.map { [$0] }))
  }
}
