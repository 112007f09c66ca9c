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
}
