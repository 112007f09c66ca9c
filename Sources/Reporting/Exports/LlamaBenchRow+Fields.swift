import Analysis
import Quantities
import Records

/// llama-bench's own fields, in its order.
extension LlamaBenchRow {
  static func machineFields(_ build: Build, _ processor: String) -> [Field] {
    [
      Field("build_commit", .text(build.commit)), Field("build_number", .whole(build.number)),
      Field("cpu_info", .text(processor)), Field("gpu_info", .text("")), Field("backends", .text("CPU")),
    ]
  }

  static func modelFields(_ model: ModelIdentity) -> [Field] {
    [
      Field("model_filename", .text(model.source)), Field("model_type", .text(model.typeName)),
      Field("model_size", .whole(Int(exactly: model.weightBytes.value.rounded()) ?? .max)),
      Field("model_n_params", .whole(model.parameters)),
    ]
  }

  /// Settings that have no meaning without a GPU have llama-bench's defaults.
  static func settingFields(_ configuration: RunConfiguration) -> [Field] {
    [
      Field("n_batch", .whole(configuration.batch)), Field("n_ubatch", .whole(configuration.microBatch)),
      Field("n_threads", .whole(configuration.threads)), Field("cpu_mask", .text("0x0")),
      Field("cpu_strict", .flag(configuration.pinned)), Field("poll", .whole(50)),
      Field("type_k", .text(configuration.keyType)), Field("type_v", .text(configuration.valueType)),
      Field("n_gpu_layers", .whole(0)), Field("n_cpu_moe", .whole(0)), Field("split_mode", .text("layer")),
      Field("main_gpu", .whole(0)), Field("no_kv_offload", .flag(false)), Field("flash_attn", .whole(-1)),
      Field("devices", .text("none")), Field("tensor_split", .text("0.00")),
      Field("tensor_buft_overrides", .text("none")), Field("load_mode", .text("mmap")),
      Field("embeddings", .flag(false)), Field("no_op_offload", .whole(0)), Field("no_host", .flag(false)),
      Field("fit_target", .whole(0)), Field("fit_min_ctx", .whole(0)),
    ]
  }

  static func ownFields(_ bench: BenchSummary) -> [Field] {
    let (setup, interval) = (bench.configuration, bench.rate.interval)
    return [
      Field("pl", .whole(bench.shape.sequences)), Field("flops", .real(bench.operations.flops.value)),
      Field("bytes", .real(bench.operations.bytesRead.value + bench.operations.bytesWritten.value)),
      Field("isa", .text(setup.isa)), Field("activations", .text(setup.activations)),
      Field("many_tokens", setup.manyTokens.map { .text($0.description) } ?? .absent),
      Field("tuning", setup.tuning.map { .text($0) } ?? .absent), Field("slowed_share", .init(setup.slowedShare)),
      Field("median_ts", .real(bench.rate.value)), Field("low_ts", .init(interval?.low)),
      Field("high_ts", .init(interval?.high)), Field("interval_method", .text(bench.rate.method.rawValue)),
      Field("processes", bench.processCount.map { .whole($0) } ?? .absent),
      Field("design_effect", .init(bench.designEffect)), Field("flagged", .whole(bench.flagged)),
      Field("verdict", .text(Set(bench.verdicts.flatMap(\.self)).sorted().joined(separator: " "))),
      // Builds before load_mode, and scripts made for them, know this name.
      Field("use_mmap", .flag(true)),
    ]
  }

  /// The energy, under the names of version 2 of the power telemetry.
  static func energyFields(_ energy: BenchEnergy) -> [Field] {
    [
      Field("power_metric_schema_version", .whole(2)), Field("power_valid", .flag(energy.method != nil)),
      Field("energy_method", .text(energy.method?.rawValue ?? "absent")),
      Field("energy_boundary", .text(energy.boundary?.rawValue ?? "")),
      Field("energy_absent_reason", .text(energy.absentCode ?? "")),
      Field("avg_power_w", .init(energy.averagePowerWatts)), Field("total_energy_j", .init(energy.totalJoules)),
      Field("prefill_joules_per_input_token", .init(energy.prefill.joulesPerToken)),
      Field("prefill_joules_low", .init(energy.prefill.low)), Field("prefill_joules_high", .init(energy.prefill.high)),
      Field("decode_joules_per_output_token", .init(energy.decode.joulesPerToken)),
      Field("decode_joules_low", .init(energy.decode.low)), Field("decode_joules_high", .init(energy.decode.high)),
    ]
  }
}

extension LlamaBenchRow.Field {
  init(_ name: String, _ value: LlamaBenchRow.Value) { self.init(name: name, value: value) }
}

extension LlamaBenchRow.Value {
  init(_ number: Double?) { self = number.map { .real($0) } ?? .absent }
}
