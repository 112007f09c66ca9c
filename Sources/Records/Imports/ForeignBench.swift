/// Files of other benches: llama-bench's JSON, JSON lines, CSV and SQL of any version, llama-batched-bench's and sweep-bench's
/// lines and tables, and Spare Cores' rows.
package struct ForeignBench: Sendable {
  package enum Format: String, Sendable {
    case llamaBench = "llama-bench"
    case csv = "llama-bench CSV"
    case sql = "llama-bench SQL"
    case batchedBench = "llama-batched-bench"
    case sweepBench = "sweep-bench"
    case spareCores = "Spare Cores"
  }

  package let format: Format
  package let rows: [ImportedRow]

  /// Reads a file of whichever format it shows to be.
  package init(_ path: String) throws(RecordError) {
    var reader = try LineReader(path)
    var lines: [(number: Int, text: String)] = []
    var size = 0
    var number = 0
    while let line = try reader.nextLine() {
      number += 1
      size += line.bytes.count
      if size > 1 << 28 { throw RecordError(file: path, reason: "is longer than any bench prints (256 MiB)") }
      if line.bytes.starts(with: [0x1F, 0x8B]) {
        throw RecordError(file: path, reason: "is compressed: unpack it with gunzip first")
      }
      let text = String(decoding: line.bytes, as: UTF8.self)
      if !text.allSatisfy(\.isWhitespace) { lines.append((number, text)) }
    }
    guard let first = lines.first?.text else { throw RecordError(file: path, reason: "is empty") }
    let start = first.drop { $0.isWhitespace }
    func refuse(_ line: Int, _ reason: String) -> RecordError {
      RecordError(file: path, reason: "line \(line): \(reason)")
    }
    let objects: [(number: Int, values: [String: ImportedRow.Value])]
    if start.hasPrefix("[") {
      let text = lines.map(\.text).joined(separator: "\n")
      do {
        let all = try RecordCoding.decode([[String: ImportedRow.Value]].self, from: Array(text.utf8), keys: .asDeclared)
        objects = all.enumerated().map { ($0 + 1, $1) }
      } catch {
        throw RecordError(file: path, reason: "is no list of rows: \(RecordCoding.reason(of: error))")
      }
    } else if start.hasPrefix("{") {
      var found: [(Int, [String: ImportedRow.Value])] = []
      for line in lines where line.text.drop(while: \.isWhitespace).hasPrefix("{") {
        do {
          found.append(
            (
              line.number,
              try RecordCoding.decode([String: ImportedRow.Value].self, from: Array(line.text.utf8), keys: .asDeclared)
            ))
        } catch {
          throw refuse(line.number, RecordCoding.reason(of: error))
        }
      }
      objects = found
    } else if lines.contains(where: { $0.text.hasPrefix("INSERT INTO") }) {
      format = .sql
      rows = try lines.filter { $0.text.hasPrefix("INSERT INTO") }.map { line throws(RecordError) in
        guard let row = Self.sqlRow(line.text) else { throw refuse(line.number, "is no INSERT of llama-bench's") }
        return row
      }
      try Self.check(rows, path)
      return
    } else if start.hasPrefix("|") || lines.contains(where: { $0.text.hasPrefix("|") }) {
      (format, rows) = try Self.table(lines, path)
      try Self.check(rows, path)
      return
    } else if let header = Self.csvFields(first), header.contains("n_prompt") {
      format = .csv
      rows = try lines.dropFirst().map { line throws(RecordError) in
        guard let fields = Self.csvFields(line.text), fields.count == header.count else {
          throw refuse(line.number, "has not as many fields as the first line")
        }
        return ImportedRow(values: Dictionary(zip(header, fields.map(Self.typed)), uniquingKeysWith: { $1 }))
      }
      try Self.check(rows, path)
      return
    } else {
      throw RecordError(
        file: path,
        reason:
          "is nothing that is imported: llama-bench's JSON, CSV or SQL, llama-batched-bench, sweep-bench, Spare Cores")
    }
    guard let values = objects.first?.values else { throw RecordError(file: path, reason: "has no row") }
    if values["srv"] != nil {
      format = .spareCores
      rows = objects.map { Self.spareCoresRow($0.values) }
    } else if values["t_tg"] != nil || values["speed_tg"] != nil {
      format = values["pl"] == nil && values["b"] == nil ? .sweepBench : .batchedBench
      rows = objects.flatMap { Self.phases($0.values) }
    } else {
      format = .llamaBench
      rows = objects.map { ImportedRow(values: $0.values) }
    }
    try Self.check(rows, path)
  }

  /// Each row must be one that the readers of benches accept.
  private static func check(_ rows: [ImportedRow], _ path: String) throws(RecordError) {
    if rows.isEmpty { throw RecordError(file: path, reason: "has no row") }
    for (index, row) in rows.enumerated() {
      do {
        let line = try row.line(from: path, format: "")
        _ = try LlamaBenchLog(line + [0x0A], file: path)
      } catch let error as RecordError {
        throw RecordError(file: path, reason: "row \(index + 1): \(error.reason)")
      } catch {
        throw RecordError(file: path, reason: "row \(index + 1): \(error)")
      }
    }
  }

  private static func spareCoresRow(_ values: [String: ImportedRow.Value]) -> ImportedRow {
    var row = values
    row["cpu_info"] = values["cpu"]
    if row["model_type"] == nil, case .text(let file)? = values["model_filename"] {
      row["model_type"] = .text(file.split(separator: "/").last.map(String.init) ?? file)
    }
    return ImportedRow(values: row)
  }

  /// The prompt and the generation of a line of llama-batched-bench, or of sweep-bench, whose cache holds n_kv tokens before both.
  static func phases(_ values: [String: ImportedRow.Value]) -> [ImportedRow] {
    func whole(_ names: String...) -> Int? {
      names.lazy.compactMap { values[$0]?.number.flatMap { Int(exactly: $0) } }.first
    }
    let prompt = whole("pp") ?? 0
    let generated = whole("tg") ?? 0
    let sequences = whole("pl", "b")
    let depth = sequences == nil ? whole("n_kv") ?? 0 : 0
    let settings = values.filter {
      !["pp", "tg", "pl", "b", "n_kv", "t_pp", "t_tg", "t", "speed_pp", "speed_tg", "speed"].contains($0.key)
    }
    func row(_ tokens: Int, _ isPrompt: Bool) -> ImportedRow? {
      guard tokens > 0, let seconds = values[isPrompt ? "t_pp" : "t_tg"]?.number, seconds > 0 else { return nil }
      var row = settings
      let isShared = isPrompt && (values["is_pp_shared"]?.number ?? 0) != 0
      row["n_prompt"] = .whole(isPrompt ? tokens : 0)
      row["n_gen"] = .whole(isPrompt ? 0 : tokens)
      row["n_depth"] = .whole(depth + (isPrompt || sequences == nil ? 0 : prompt))
      if let sequences { row["pl"] = .whole(isShared ? 1 : sequences) }
      row["samples_ns"] = .list([seconds * 1e9])
      return ImportedRow(values: row)
    }
    return [row(prompt, true), row(generated, false)].compactMap(\.self)
  }
}
