import Analysis
import Quantities
import Records

extension LlamaBenchRow {
  package subscript(name: String) -> Value {
    fields.first { $0.name == name }?.value ?? ours.first { $0.name == name }?.value ?? .absent
  }

  /// Names and SQL types of all columns. Every row has the same; this one exists only to be asked for them.
  static let columns: [(name: String, type: String)] = {
    let run = RunRecord(
      toolVersion: "", machineFingerprint: "",
      model: ModelIdentity(name: "", architecture: "", source: "", format: "", parameters: 0, weightBytes: 0),
      configuration: RunConfiguration(
        threads: 1, isa: "", activations: "", keyType: "", valueType: "", batch: 0, microBatch: 0, pinned: false,
        kernels: [], manyTokens: ManyTokens([:]), tuning: ""), shape: RunShape(phase: .prefill, promptTokens: 1),
      repetition: 0,
      samples: [Timing(contextTokens: 0, wallSeconds: 1)], operations: [:], conditions: RunConditions(absent: ""))
    let bench = BenchSummary(BenchShape(promptTokens: 1, generatedTokens: 0), repetitions: [[run]])
    let row = bench.map { LlamaBenchRow($0, build: Build(commit: "", number: 0), processor: "") }
    return row.map { ($0.fields + $0.ours).map { ($0.name, $0.value.sqlType) } } ?? []
  }()

  static let names = columns.map(\.name)

  /// The members of the JSON object: llama-bench's, its samples, ours.
  var members: [String] {
    func list(_ items: [String]) -> String { "[ \(items.joined(separator: ", ")) ]" }
    func samples(_ name: String, _ items: [String]) -> [String] {
      items.isEmpty ? [] : ["\"samples_\(name)\": \(list(items))"]
    }
    let verdicts = bench.flagged > 0 ? bench.verdicts.map { $0.joined(separator: " ").jsonLiteral } : []
    return fields.compactMap(\.json) + samples("ns", bench.nanoseconds.values.map { $0.fixed(0) })
      + samples("ts", bench.rates.values.map { $0.fixed(6) }) + samples("process", bench.processes.map { "\($0)" })
      + samples("verdict", verdicts) + samples("energy_j", bench.energy.joules.map { "\($0)" })
      + ours.compactMap(\.json)
  }
}

extension LlamaBenchRow.Field {
  /// `"name": value`, or nil for what is not known.
  var json: String? { value.json.map { "\"\(name)\": \($0)" } }
}

extension LlamaBenchRow.Value {
  var sqlType: String {
    switch self {
    case .text: "TEXT"
    case .flag, .whole: "INTEGER"
    case .real, .absent: "REAL"
    }
  }

  var json: String? {
    switch self {
    case .text(let text): text.jsonLiteral
    case .flag(let flag): flag ? "true" : "false"
    case .whole(let number): "\(number)"
    case .real(let number): number.fixed(6)
    case .absent: nil
    }
  }

  /// Quoted as llama-bench quotes every field.
  var csv: String {
    switch self {
    case .text(let text): return text.csvField
    case .flag(let flag): return flag ? "\"1\"" : "\"0\""
    case .absent: return "\"\""
    case .whole, .real: return "\"\(json ?? "")\""
    }
  }

  var sql: String {
    switch self {
    case .text(let text): "'" + text.printable.replacing("'", with: "''") + "'"
    case .flag(let flag): flag ? "1" : "0"
    case .absent: "NULL"
    case .whole, .real: json ?? "NULL"
    }
  }

  /// As it stands in a table cell.
  var cell: String {
    switch self {
    case .text(let text): text.markdownCell
    case .flag(let flag): flag ? "1" : "0"
    case .absent: ""
    case .whole, .real: json ?? ""
    }
  }
}
