import Analysis
import Records

/// The forms in which llama-bench prints its rows.
package enum LlamaBenchFormat: String, Sendable, CaseIterable {
  case md, csv, json, jsonl, sql
}

/// Rows as text, one at a time, so that a long benchmark shows each test as it ends: header, rows, footer.
package struct LlamaBenchPrinter: Sendable {
  package let format: LlamaBenchFormat
  /// Fields that differ between the planned tests or from llama-bench's defaults: extra columns of the Markdown table.
  package let varying: [String]
  private var isFirst = true

  package init(format: LlamaBenchFormat, varying: [String] = []) {
    self.format = format
    self.varying = varying
  }

  /// The fields by which these rows differ, in the order of the rows' fields.
  package static func varying(in rows: [LlamaBenchRow]) -> [String] {
    let candidates = ["cpu_strict", "n_batch", "n_ubatch", "type_k", "type_v", "pl", "isa", "activations"]
    return candidates.filter { name in Set(rows.map { $0[name] }).count > 1 }
  }

  package func header() -> String {
    switch format {
    case .md: markdownHeader
    case .csv: (LlamaBenchRow.names).joined(separator: ",") + "\n"
    case .json: "[\n"
    case .jsonl: ""
    case .sql:
      "CREATE TABLE IF NOT EXISTS llama_bench (\n"
        + LlamaBenchRow.columns.map { "  \($0.name) \($0.type)" }.joined(separator: ",\n") + "\n);\n\n"
    }
  }

  package mutating func row(_ row: LlamaBenchRow) -> String {
    defer { isFirst = false }
    switch format {
    case .md:
      return markdownRow(row)
    case .csv:
      return (row.fields + row.ours).map { $0.value.csv }.joined(separator: ",") + "\n"
    case .json:
      let members = row.members.map { "    \($0)" }.joined(separator: ",\n")
      return (isFirst ? "" : ",\n") + "  {\n" + members + "\n  }"
    case .jsonl:
      return "{" + row.members.joined(separator: ", ") + "}\n"
    case .sql:
      let values = (row.fields + row.ours).map { $0.value.sql }.joined(separator: ", ")
      return "INSERT INTO llama_bench (\(LlamaBenchRow.names.joined(separator: ", "))) VALUES (\(values));\n"
    }
  }

  package func footer(_ build: LlamaBenchRow.Build) -> String {
    switch format {
    case .md: "\nbuild: \(build.commit.printable) (\(build.number))\n"
    case .json: isFirst ? "]\n" : "\n]\n"
    case .csv, .jsonl, .sql: ""
    }
  }

  /// Everything at once, for rows that are already there.
  package static func text(_ rows: [LlamaBenchRow], build: LlamaBenchRow.Build, format: LlamaBenchFormat) -> String {
    var printer = LlamaBenchPrinter(format: format, varying: varying(in: rows))
    var text = printer.header()
    for row in rows { text += printer.row(row) }
    return text + printer.footer(build)
  }
}
