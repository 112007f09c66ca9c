import Analysis
import FoundationEssentials
import Quantities
import Records
import Reporting
import TestSupport
import Testing

@Suite struct LlamaBenchTests {
  /// llama.cpp, tools/llama-bench/llama-bench.cpp, commit 0104b151, `get_fields`.
  private static let theirs =
    "build_commit build_number cpu_info gpu_info backends model_filename model_type model_size model_n_params n_batch "
    + "n_ubatch n_threads cpu_mask cpu_strict poll type_k type_v n_gpu_layers n_cpu_moe split_mode main_gpu "
    + "no_kv_offload flash_attn devices tensor_split tensor_buft_overrides load_mode embeddings no_op_offload no_host "
    + "fit_target fit_min_ctx n_prompt n_gen n_depth test_time avg_ns stddev_ns avg_ts stddev_ts"
  private static let ours =
    "pl flops bytes isa activations many_tokens tuning slowed_share median_ts low_ts high_ts interval_method "
    + "processes design_effect flagged verdict use_mmap power_metric_schema_version power_valid energy_method energy_boundary energy_absent_reason avg_power_w "
    + "total_energy_j prefill_joules_per_input_token prefill_joules_low prefill_joules_high "
    + "decode_joules_per_output_token decode_joules_low decode_joules_high"

  private static let build = LlamaBenchRow.Build(commit: "abc1234", number: 7)

  /// Three repetitions of 0.25, 0.5 and 1 s for 8 tokens: 32, 16 and 8 tokens a second, mean 56/3 = 18.666667,
  /// deviations 40/3, −8/3, −32/3: variance (1600 + 64 + 1024)/9/2 = 149.333333, deviation 12.220202.
  /// Times: mean 583333333 ns; deviations −1/3, −1/12, 5/12 s: variance (16 + 1 + 25)/144/2 = 0.14583333 s²,
  /// deviation 381881308 ns.
  private static func row(
    model: ModelIdentity = sampleModel(), test: BenchShape = .init(promptTokens: 8, generatedTokens: 0),
    processor: String = "Xeon", walls: [Double] = [0.25, 0.5, 1], processes: [Int] = [], verdicts: [[String]] = []
  ) throws -> LlamaBenchRow {
    let repetitions = walls.enumerated().map { index, wall in
      var run = run(model, seconds: wall, phase: .prefill, process: processes.isEmpty ? nil : processes[index])
      if !verdicts.isEmpty { run.verdict = verdicts[index] }
      return [run]
    }
    return LlamaBenchRow(
      try #require(BenchSummary(test, repetitions: repetitions)), build: build, processor: processor)
  }

  private static func run(_ model: ModelIdentity, seconds: Double, phase: Phase, process: Int?) -> RunRecord {
    var run = runWithEnergy(phase)
    run.model = model
    run.verdict = []
    run.samples = [Timing(contextTokens: 0, wallSeconds: Seconds(seconds))]
    run.operations = ["all": OperationCount(flops: 16e6, bytesRead: 7e9, bytesWritten: 1e9)]
    run.process = process
    return run
  }

  private func keys(inOrderIn json: String) -> [String] {
    json.split(separator: "\"").enumerated().compactMap { index, part in
      let rest = json[part.endIndex...].dropFirst()
      return rest.first == ":" ? String(part) : nil
    }
  }

  @Test func jsonHasTheirKeysInTheirOrderThenOurs() throws {
    let json = LlamaBenchPrinter.text([try Self.row()], build: Self.build, format: .json)
    // One process has neither number nor design effect, and nothing was slowed.
    let ours = Self.ours.replacing(" processes design_effect", with: "").replacing(" slowed_share", with: "")
      .replacing(" decode_joules_per_output_token decode_joules_low decode_joules_high", with: "")
    let expected = "\(Self.theirs) samples_ns samples_ts samples_energy_j \(ours)".split(separator: " ").map(
      String.init)
    #expect(keys(inOrderIn: json) == expected)
    let rows = try #require(try ScriptRow.rows(json))
    #expect(rows.count == 1)
    #expect(json.contains("\"avg_ts\": 18.666667,") && json.contains("\"stddev_ts\": 12.220202,"))
    #expect(json.contains("\"avg_ns\": 583333333,") && json.contains("\"stddev_ns\": 381881308,"))
    #expect(json.contains("\"samples_ns\": [ 250000000, 500000000, 1000000000 ],"))
    #expect(json.contains("\"samples_ts\": [ 32.000000, 16.000000, 8.000000 ],"))
    #expect(json.contains("\"cpu_strict\": true,") && json.contains("\"no_op_offload\": 0,"))
  }

  @Test func jsonOfNoneAndOfMany() throws {
    #expect(LlamaBenchPrinter.text([], build: Self.build, format: .json) == "[\n]\n")
    let two = LlamaBenchPrinter.text([try Self.row(), try Self.row()], build: Self.build, format: .json)
    #expect(try ScriptRow.rows(two)?.count == 2)
    let lines = LlamaBenchPrinter.text([try Self.row(), try Self.row()], build: Self.build, format: .jsonl)
    #expect(lines.split(separator: "\n").count == 2)
    for line in lines.split(separator: "\n") { #expect(try ScriptRow.rows("[\(line)]")?.count == 1) }
  }

  @Test func markdown() throws {
    let rows = [
      try Self.row(),
      try Self.row(test: .init(promptTokens: 0, generatedTokens: 4, depth: 4096, sequences: 2)),
      try Self.row(test: .init(promptTokens: 4, generatedTokens: 4)),
    ]
    #expect(
      LlamaBenchPrinter.text(rows, build: Self.build, format: .md, varying: ["pl"]) == """
        | model                          |       size |     params | backend    | threads |  pl | FLOP/token |    B/token |            test |                  t/s |
        | ------------------------------ | ---------: | ---------: | ---------- | ------: | --: | ---------: | ---------: | --------------: | -------------------: |
        | llama 135M Q4_0                |  72.48 MiB |   134.52 M | CPU        |       2 |   1 |     2.00 M |     1.00 G |             pp8 |        18.67 ± 12.22 |
        | llama 135M Q4_0                |  72.48 MiB |   134.52 M | CPU        |       2 |   2 |     2.00 M |     1.00 G |     tg4 @ d4096 |        18.67 ± 12.22 |
        | llama 135M Q4_0                |  72.48 MiB |   134.52 M | CPU        |       2 |   1 |     2.00 M |     1.00 G |         pp4+tg4 |        18.67 ± 12.22 |

        build: abc1234 (7)

        """)
  }

  @Test func csvAndSqlHaveTheSameColumns() throws {
    let columns = "\(Self.theirs) \(Self.ours)".split(separator: " ")
    let csv = LlamaBenchPrinter.text([try Self.row()], build: Self.build, format: .csv).split(separator: "\n")
    #expect(csv.first == Substring(columns.joined(separator: ",")))
    #expect(
      csv.last?.hasPrefix("\"abc1234\",\"7\",\"Xeon\",\"\",\"CPU\",\"preset:smol\",\"llama 135M Q4_0\",\"76000000\"")
        == true)
    let sql = LlamaBenchPrinter.text([try Self.row()], build: Self.build, format: .sql)
    #expect(sql.hasPrefix("CREATE TABLE IF NOT EXISTS llama_bench (\n  build_commit TEXT,\n  build_number INTEGER,\n"))
    #expect(sql.contains("  avg_ts REAL,\n") && sql.contains("  decode_joules_high REAL\n);\n\n"))
    #expect(sql.contains("INSERT INTO llama_bench (\(columns.joined(separator: ", "))) VALUES ('abc1234', 7, 'Xeon', "))
  }

  @Test func hostileNamesStayNames() throws {
    let name = "x'); DROP TABLE llama_bench; --\n\u{1b}[31m\"|<b>\u{202e}"
    let model = ModelIdentity(
      name: name, architecture: name, source: "=cmd()\(name)", format: name, parameters: 1, weightBytes: 1)
    let row = try Self.row(model: model, processor: name)
    for format in LlamaBenchFormat.allCases {
      let text = LlamaBenchPrinter.text([row], build: Self.build, format: format)
      #expect(!text.unicodeScalars.contains { ($0.value < 0x20 && $0 != "\n") || $0.value == 0x202e }, "\(format)")
    }
    let sql = LlamaBenchPrinter.text([row], build: Self.build, format: .sql)
    #expect(sql.contains("'x''); DROP TABLE llama_bench; --\\n\\u{1b}[31m\"|<b>\\u{202e}', '', 'CPU'"))
    let csv = LlamaBenchPrinter.text([row], build: Self.build, format: .csv)
    #expect(csv.split(separator: "\n").count == 2)
    #expect(csv.contains("\"'=cmd()x'); DROP TABLE llama_bench; --\\n\\u{1b}[31m\"\"|<b>\\u{202e}\""))
    let md = LlamaBenchPrinter.text([row], build: Self.build, format: .md).split(separator: "\n")
    #expect(md.count == 4)
    #expect(md[2].replacing("\\|", with: "").filter { $0 == "|" }.count == md[0].filter { $0 == "|" }.count)
    #expect(!md[2].contains("<b>"))
    let json = LlamaBenchPrinter.text([row], build: Self.build, format: .json)
    #expect(try ScriptRow.rows(json)?.first?.cpuInfo == name)
  }

  /// A repetition under bad conditions marks its row in every form, and a reader of the JSON can leave it out.
  @Test func aRowUnderBadConditionsIsMarked() throws {
    let row = try Self.row(verdicts: [[], ["steal", "others_busy"], []])
    func text(_ format: LlamaBenchFormat) -> String { LlamaBenchPrinter.text([row], build: Self.build, format: format) }
    #expect(text(.md).contains("|           pp8 ! |"))
    #expect(text(.csv).contains("\"1\",\"others_busy steal\""))
    #expect(text(.json).contains("\"samples_verdict\": [ \"\", \"others_busy steal\", \"\" ]"))
    let log = try LlamaBenchLog(Array(text(.json).utf8), file: "bench")
    let observations = Observation.all(of: try #require(log.rows.first))
    #expect(observations.map(\.measured.verdict) == [[], ["others_busy", "steal"], []])
    #expect(
      row.bench.warnings.map(\.message) == [
        "1 of 3 repetitions: other processes used the processors: stop other work, or use fewer --threads",
        "1 of 3 repetitions: the hypervisor gave processor time to others: repeat at a quieter time, or on a dedicated host",
      ])
  }

  @Test func thereIsNoRateWithoutATime() {
    for walls: [Double] in [[], [0], [-1], [.nan], [1, .infinity]] {
      let runs = walls.map { [Self.run(sampleModel(), seconds: $0, phase: .prefill, process: nil)] }
      #expect(BenchSummary(.init(promptTokens: 8, generatedTokens: 0), repetitions: runs) == nil)
    }
  }

  @Test func fewRepetitionsHaveStudentsIntervalAndOneHasNone() throws {
    let one = LlamaBenchPrinter.text([try Self.row(walls: [0.5])], build: Self.build, format: .json)
    #expect(!one.contains("low_ts") && one.contains("\"stddev_ts\": 0.000000"))
    let six = LlamaBenchPrinter.text(
      [try Self.row(walls: [0.5, 0.5, 0.25, 0.25, 1, 1])], build: Self.build, format: .json)
    #expect(six.contains("\"interval_method\": \"order statistics\""))
    #expect(six.contains("\"low_ts\": 8.000000") && six.contains("\"high_ts\": 32.000000"))
  }

  /// Two repetitions of 8 tokens in each of six processes, at 8, 16 … 256 tokens a second: the median of the processes is
  /// 48, bounded by all of them. Three processes lie wholly below 48 and three above: excesses of ±1 over the expected 1 of
  /// 2, 6/5 · 6 / 12 against 1/4.
  @Test func processesAreTheUnitsOfAnInterval() throws {
    let walls = [1, 1, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125, 0.0625, 0.0625, 0.03125, 0.03125]
    let row = try Self.row(walls: walls, processes: (0..<12).map { $0 / 2 })
    let json = LlamaBenchPrinter.text([row], build: Self.build, format: .json)
    #expect(json.contains("\"median_ts\": 48.000000"))
    #expect(json.contains("\"low_ts\": 8.000000") && json.contains("\"high_ts\": 256.000000"))
    #expect(json.contains("\"processes\": 6") && json.contains("\"design_effect\": 2.400000"))
    #expect(json.contains("\"samples_process\": [ 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5 ]"))
    let log = try LlamaBenchLog(Array(json.utf8), file: "bench")
    #expect(log.rows.first?.samplesProcess?.count == 12)
  }

  @Test func aRowOfMeasuredRunsCountsEverySequence() throws {
    // 3 tokens of 2 sequences in 0.015 s: 400 tokens a second.
    let runs = [sampleRun(sequences: 2), sampleRun(sequences: 2, repetition: 1)]
    let bench = try #require(BenchSummary(BenchShape(runs[0].shape), repetitions: runs.map { [$0] }))
    #expect(bench.rates.count == 2 && bench.rates.values.allSatisfy { abs($0 - 400) < 1e-9 })
    #expect(bench.nanoseconds.values == [15_000_000, 15_000_000])
  }

  @Test func benchHasBothPhasesOrTheReason() throws {
    func fields(_ repetitions: [[RunRecord]]) throws -> LlamaBenchRow {
      let bench = try #require(BenchSummary(.init(promptTokens: 3, generatedTokens: 3), repetitions: repetitions))
      return LlamaBenchRow(bench, build: Self.build, processor: "")
    }
    let valid = try fields([
      [runWithEnergy(.prefill, joules: 3), runWithEnergy(.decode, joules: 6)],
      [runWithEnergy(.prefill, joules: 9), runWithEnergy(.decode, joules: 12)],
    ])
    #expect(valid["power_valid"] == .flag(true) && valid["energy_method"] == .text("estimated.transferred"))
    // Medians of two are their means: 9 and 21 J; 1 and 3 J/token; 2 and 4 J/token.
    #expect(valid["total_energy_j"] == .real(15))
    #expect(valid["prefill_joules_per_input_token"] == .real(2) && valid["decode_joules_per_output_token"] == .real(3))
    #expect(valid["decode_joules_low"] == .real(1.5) && valid["decode_joules_high"] == .real(4.5))

    var failed = runWithEnergy(.decode)
    failed.energy = nil
    failed.energyAbsentCode = "sensor_gap"
    let invalid = try fields([[runWithEnergy(.decode)], [failed]])
    #expect(invalid["power_valid"] == .flag(false) && invalid["energy_absent_reason"] == .text("sensor_gap"))
    #expect(invalid["total_energy_j"] == .absent && invalid["decode_joules_per_output_token"] == .absent)

    let mixed = try fields([
      [runWithEnergy(.decode)], [runWithEnergy(.decode, method: .init(rawValue: "measured.rapl"))],
    ])
    #expect(mixed["power_valid"] == .flag(false) && mixed["energy_absent_reason"] == .text("several_methods"))
  }
}

extension LlamaBenchPrinter {
  /// Everything at once.
  fileprivate static func text(
    _ rows: [LlamaBenchRow], build: LlamaBenchRow.Build, format: LlamaBenchFormat, varying: [String] = []
  ) -> String {
    var printer = LlamaBenchPrinter(format: format, varying: varying)
    return rows.reduce(into: printer.header()) { $0 += printer.row($1) } + printer.footer(build)
  }
}

/// As much of a row as a script reads.
private struct ScriptRow: Decodable {
  var cpuInfo: String
  var avgTs: Double
  var nPrompt: Int
  var samplesNs: [UInt64]

  static func rows(_ json: String) throws -> [Self]? {
    try RecordCoding.decode([Self].self, from: Array(json.utf8))
  }
}
