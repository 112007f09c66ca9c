/// Rows as `bench -o json` or `-o jsonl` printed them, or llama-bench of any version, whose field names they have.
package struct LlamaBenchLog: Sendable {
  /// What every row must say is not optional; what builds of llama-bench lack, or name otherwise, is.
  ///
  /// llama-bench had no `n_ubatch` before 2024-03, `flash_attn` before 2024-05, `cpu_mask`, `cpu_strict` and `poll` before
  /// 2024-08, `n_depth` before 2025-04; it said `f16_kv` for `type_k` until 2023-12, `cuda` and the like for `backends`
  /// until 2024-11, `use_mmap` for `load_mode` until 2026.
  package struct Row: Decodable, Sendable {
    package let buildCommit: String?
    package let cpuInfo: String?
    package let modelFilename: String
    package let modelType: String
    package let modelSize: Int
    package let modelNParams: Int
    package let test: BenchShape
    /// Wall time of each repetition.
    package let samplesNs: [Double]
    /// The process of each repetition.
    package let samplesProcess: [Int]?
    /// Codes of what speaks against trusting each repetition, a space between them; nil where nobody watched.
    package let samplesVerdict: [String]?
    /// Energy of each repetition; nil where the file has none, or but one figure for all of them.
    package let samplesEnergyJ: [Double]?
    /// How the energy came about and what it covers; nil where the file says nothing of energy.
    package let energyMethod: String?
    package let energyBoundary: String?
    package let energyAbsentReason: String?
    /// What one repetition computed and moved, by this tool's account; nil in rows of others.
    package let flops: Double?
    package let bytes: Double?
    /// Everything else that was set for the run, under its name in the file: numbers and texts as they stand there, flags
    /// as 1 and 0, which is what later builds write for some that were true and false. What is null is not stated.
    package let settings: [String: String]

    package init(from decoder: any Decoder) throws {
      let file = try decoder.container(keyedBy: Key.self)
      func read<Value: Decodable>(_ key: Key) throws -> Value {
        do {
          return try file.decode(Value.self, forKey: key)
        } catch let error where !(error is DecodingError) {
          // The decoder's own error does not say which number it was.
          throw DecodingError.dataCorruptedError(forKey: key, in: file, debugDescription: "a number that does not fit")
        }
      }
      func stated<Value: Decodable>(_ key: Key) throws -> Value? {
        try file.contains(key) && !file.decodeNil(forKey: key) ? read(key) : nil
      }
      buildCommit = try stated("build_commit")
      cpuInfo = try stated("cpu_info")
      modelFilename = try read("model_filename")
      modelType = try read("model_type")
      modelSize = try read("model_size")
      modelNParams = try read("model_n_params")
      test = BenchShape(
        promptTokens: try read("n_prompt"), generatedTokens: try read("n_gen"),
        // Builds that know no depth measure at none; llama-bench itself has but one sequence.
        depth: try stated("n_depth") ?? 0, sequences: try stated("pl") ?? 1)
      samplesNs = try read("samples_ns")
      samplesProcess = try stated("samples_process")
      samplesVerdict = try stated("samples_verdict")
      samplesEnergyJ = try stated("samples_energy_j")
      energyMethod = try stated("energy_method")
      energyBoundary = try stated("energy_boundary")
      flops = try stated("flops")
      bytes = try stated("bytes")
      energyAbsentReason = try stated("energy_absent_reason")
      // What is not needed is read too: a decoder looks at a value no sooner, and the file may be damaged there.
      settings = try file.allKeys.reduce(into: [:]) { settings, key in
        let value: Setting = try read(key)
        if !Self.isTyped(key.stringValue), !Self.isMeasured(key.stringValue) { settings[key.stringValue] = value.text }
      }
    }

    /// What has a property of its own, and what says the same less exactly.
    private static func isTyped(_ name: String) -> Bool {
      [
        "build_commit", "build_number", "cpu_info", "model_filename", "model_type", "model_size", "model_n_params",
        "n_prompt", "n_gen", "n_depth", "pl",
      ].contains(name)
    }

    /// Figures in nanoseconds and tokens a second have llama-bench's endings; the others are this tool's.
    private static func isMeasured(_ name: String) -> Bool {
      name.hasSuffix("_ns") || name.hasSuffix("_ts") || figures.contains(name)
    }

    private static let figures: Set = [
      "test_time", "samples_process", "flops", "bytes", "interval_method", "processes", "design_effect",
      "power_metric_schema_version", "power_valid", "energy_method", "energy_boundary", "energy_absent_reason",
      "avg_power_w", "total_energy_j", "samples_energy_j", "prefill_joules_per_input_token", "prefill_joules_low",
      "prefill_joules_high", "decode_joules_per_output_token", "decode_joules_low", "decode_joules_high",
      "samples_verdict", "verdict",
      "flagged",
    ]

    /// The first thing that no row can have, or nil.
    fileprivate var defect: String? {
      for (name, amount) in [("flops", flops), ("bytes", bytes)] {
        if let amount, !(amount >= 0 && amount < 1e24) { return "\(name) is \(amount); expected 0 to 1e24" }
      }
      let lengths = 0...1 << 32
      for (name, count, range) in [
        ("n_prompt", test.promptTokens, lengths), ("n_gen", test.generatedTokens, lengths),
        ("n_depth", test.depth, lengths), ("pl", test.sequences, 1...1 << 20), ("model_size", modelSize, 0...Int.max),
        ("model_n_params", modelNParams, 0...Int.max),
      ] where !range.contains(count) {
        return "\(name) is \(count); expected \(range.lowerBound) to \(range.upperBound)"
      }
      if test.promptTokens + test.generatedTokens == 0 { return "n_prompt and n_gen are both 0" }
      if samplesNs.isEmpty { return "samples_ns is empty" }
      if let bad = samplesNs.first(where: { !($0 >= 1 && $0 < 1e18) }) {
        return "samples_ns holds \(bad); expected times of 1 ns or more"
      }
      if let processes = samplesProcess, processes.count != samplesNs.count {
        return "samples_process has \(processes.count) numbers for \(samplesNs.count) samples"
      }
      if let verdicts = samplesVerdict, verdicts.count != samplesNs.count {
        return "samples_verdict has \(verdicts.count) texts for \(samplesNs.count) samples"
      }
      if let energies = samplesEnergyJ {
        if energies.count != samplesNs.count {
          return "samples_energy_j has \(energies.count) numbers for \(samplesNs.count) samples"
        }
        if let bad = energies.first(where: { !($0 > 0 && $0 < 1e15) }) {
          return "samples_energy_j holds \(bad); expected joules above 0"
        }
      }
      return nil
    }

    private struct Key: CodingKey, ExpressibleByStringLiteral {
      let stringValue: String
      let intValue: Int? = nil
      init(stringLiteral name: String) { stringValue = name }
      init(stringValue name: String) { stringValue = name }
      init?(intValue: Int) { nil }
    }

    /// Any JSON value as one text; nil is null.
    private struct Setting: Decodable {
      let text: String?

      init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
          text = nil
        } else if let whole = try? value.decode(Int.self) {
          text = "\(whole)"
        } else if let written = try? value.decode(String.self) {
          text = written
        } else if let flag = try? value.decode(Bool.self) {
          text = flag ? "1" : "0"
        } else if let list = try? value.decode([Setting].self) {
          text = "[\(list.map { $0.text ?? "null" }.joined(separator: ", "))]"
        } else if let object = try? value.decode([String: Setting].self) {
          let members = object.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.text ?? "null")" }
          text = "{\(members.joined(separator: ", "))}"
        } else {
          text = "\(try value.decode(Double.self))"
        }
      }
    }
  }

  package var rows: [Row]

  /// One JSON array, or one row a line.
  package init(_ json: [UInt8], file: String) throws(RecordError) {
    rows = try JSONRows.decode(json, file: file, keys: .asDeclared, defect: \.defect)
  }
}
