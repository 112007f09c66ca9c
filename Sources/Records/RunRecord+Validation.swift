import Machine
import Quantities

extension RunRecord {
  /// The first thing that no run can have, or nil.
  package var defect: String? {
    if !Timestamp.isValid(time) { return "time is not an RFC 3339 time in UTC" }
    for (name, count, range) in counts + manyTokens + layers where !range.contains(count) {
      return "\(name) is \(count); expected \(range.lowerBound) to \(range.upperBound)"
    }
    if samples.isEmpty { return "samples is empty" }
    for (index, sample) in samples.enumerated() {
      if !Limit.seconds.contains(sample.wallSeconds.value) {
        return "samples[\(index)].wall_seconds is \(sample.wallSeconds.value); expected a time above 1e-9"
      }
      if !Limit.tokens.contains(sample.contextTokens) {
        return "samples[\(index)].context_tokens is \(sample.contextTokens); expected 0 to \(Limit.tokens.upperBound)"
      }
    }
    for (name, value) in amounts where !(value >= 0 && value <= Limit.amount) {
      return "\(name) is \(value); expected 0 to \(Limit.amount)"
    }
    if let transient = transientSamples, !(0..<samples.count).contains(transient) {
      return "transient_samples is \(transient) of \(samples.count) samples"
    }
    if let defect = energy?.defect { return defect }
    if phase == .prefill && promptTokens == 0 { return "prompt_tokens is 0 in a prefill run" }
    if phase != .prefill && generatedTokens == 0 { return "generated_tokens is 0 in a \(phase.rawValue) run" }
    return nil
  }

  /// Far above anything real, and small enough that products and sums of counts cannot overflow.
  private enum Limit {
    static let tokens = 0...(1 << 32)
    static let parallel = 1...(1 << 20)
    static let any = 0...(1 << 50)
    static let amount = 1e24
    /// From the tick of the clock to thirty years.
    static let seconds = 1e-9...1e9
  }

  private var layers: [(name: String, count: Int, range: ClosedRange<Int>)] {
    var counts = [("model.slice_of.parameters", model.sliceOf?.parameters ?? 0, Limit.any)]
    for (name, groups) in [("model.layers", model.layers), ("model.slice_of.layers", model.sliceOf?.layers)] {
      guard let groups else { continue }
      counts.append((name + ".count", groups.count, Limit.parallel))
      for (index, group) in groups.enumerated() {
        counts.append(("\(name)[\(index)].count", group.count, Limit.parallel))
        counts.append(("\(name)[\(index)].window", group.window ?? 1, Limit.parallel))
      }
    }
    return counts
  }

  private var manyTokens: [(name: String, count: Int, range: ClosedRange<Int>)] {
    (configuration.manyTokens?.byFormat ?? [:]).sorted { $0.key < $1.key }.map {
      ("configuration.many_tokens.\($0.key)", $0.value ?? 1, Limit.tokens)
    }
  }

  private var counts: [(name: String, count: Int, range: ClosedRange<Int>)] {
    [
      ("prompt_tokens", promptTokens, Limit.tokens), ("generated_tokens", generatedTokens, Limit.tokens),
      ("context_tokens", contextTokens, Limit.tokens), ("sequences", sequences, Limit.parallel),
      ("repetition", repetition, Limit.tokens), ("process", process ?? 0, Limit.tokens),
      ("window", window ?? 0, Limit.tokens),
      ("configuration.threads", configuration.threads, Limit.parallel),
      ("configuration.batch", configuration.batch, Limit.tokens),
      ("configuration.micro_batch", configuration.microBatch, Limit.tokens),
      ("sampler.vocabulary_size", sampler?.vocabularySize ?? 0, Limit.tokens),
      ("model.parameters", model.parameters, Limit.any),
      ("conditions.voluntary_switches", conditions.voluntarySwitches.value ?? 0, Limit.any),
      ("conditions.involuntary_switches", conditions.involuntarySwitches.value ?? 0, Limit.any),
      ("conditions.minor_faults", conditions.minorFaults.value ?? 0, Limit.any),
      ("conditions.major_faults", conditions.majorFaults.value ?? 0, Limit.any),
    ]
  }

  private var amounts: [(name: String, value: Double)] {
    var amounts = [
      ("model.weight_bytes", model.weightBytes.value),
      ("conditions.steal_share", conditions.stealShare.value ?? 0),
      ("conditions.others_share", conditions.othersShare.value ?? 0),
      ("conditions.processor_share", conditions.processorShare.value ?? 0),
      ("conditions.processor_pressure_share", conditions.processorPressureShare.value ?? 0),
      ("conditions.memory_pressure_share", conditions.memoryPressureShare.value ?? 0),
      ("conditions.throttled_seconds", conditions.throttledSeconds.value?.value ?? 0),
      ("conditions.clock_before_hertz", conditions.clockBeforeHertz.value ?? 0),
      ("conditions.clock_after_hertz", conditions.clockAfterHertz.value ?? 0),
      ("read_roof_bytes_per_second", readRoofBytesPerSecond ?? 0),
      ("flop_roof_flops_per_second", flopRoofFlopsPerSecond ?? 0),
      ("configuration.slowed_share", configuration.slowedShare ?? 0),
    ]
    for (name, count) in operations.sorted(by: { $0.key < $1.key }) {
      amounts.append(("operations.\(name).flops", count.flops.value))
      amounts.append(("operations.\(name).bytes_read", count.bytesRead.value))
      amounts.append(("operations.\(name).bytes_written", count.bytesWritten.value))
    }
    return amounts
  }
}
