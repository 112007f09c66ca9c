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
}

extension LlamaBenchRow.Field {
  init(_ name: String, _ value: LlamaBenchRow.Value) { self.init(name: name, value: value) }
}
