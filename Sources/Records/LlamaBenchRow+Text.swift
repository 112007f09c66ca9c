extension LlamaBenchRow {
  package subscript(name: String) -> Value {
    fields.first { $0.name == name }?.value ?? ours.first { $0.name == name }?.value ?? .absent
  }

  /// Names and SQL types of all columns. Every row has the same; this one exists only to be asked for them.
  static let columns: [(name: String, type: String)] = {
    let row = LlamaBenchRow(
      build: Build(commit: "", number: 0), processor: "",
      model: ModelIdentity(name: "", architecture: "", source: "", format: "", parameters: 0, weightBytes: 0),
      configuration: RunConfiguration(
        threads: 1, isa: "", activations: "", keyType: "", valueType: "", batch: 0, microBatch: 0, pinned: false,
        kernels: [], manyTokens: ManyTokens([:]), tuning: ""),
      test: Test(promptTokens: 1, generatedTokens: 0), time: "", walls: [1, 1],
      operations: .zero)
    return row.map { ($0.fields + $0.ours).map { ($0.name, $0.value.sqlType) } } ?? []
  }()

  static let names = columns.map(\.name)

  /// The members of the JSON object: llama-bench's, its samples, ours.
  var members: [String] {
    func list(_ items: [String]) -> String { "[ \(items.joined(separator: ", ")) ]" }
    return fields.compactMap(\.json) + [
      "\"samples_ns\": \(list(nanoseconds.map { "\($0)" }))",
      "\"samples_ts\": \(list(rates.map { $0.fixed(6) }))",
    ] + (processes.isEmpty ? [] : ["\"samples_process\": \(list(processes.map { "\($0)" }))"]) + ours.compactMap(\.json)
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

extension String {
  /// A JSON string in ASCII control-free text: nothing in it reaches a terminal as a command.
  var jsonLiteral: String {
    var text = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case _ where scalar.steersTerminal:
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }

  /// A quoted field of CSV. A spreadsheet would run a text that begins like a formula.
  package var csvField: String {
    let shown = printable
    let isFormula = shown.first.map { "=+-@".contains($0) } ?? false
    return "\"" + (isFormula ? "'" : "") + shown.replacing("\"", with: "\"\"") + "\""
  }

  /// Text that can neither end a Markdown table cell nor become markup, a link or HTML in it.
  package var markdownCell: String {
    printable.reduce(into: "") { text, character in
      switch character {
      case "|", "`", "[", "]", "\\": text += "\\\(character)"
      case "<": text += "&lt;"
      case "&": text += "&amp;"
      default: text.append(character)
      }
    }
  }
}
