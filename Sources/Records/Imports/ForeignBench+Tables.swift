/// Rows that are written as CSV, SQL or a table of Markdown.
extension ForeignBench {
  /// Fields with a comma between them, in double quotes where they hold one, which is then written twice; nil where a quote is
  /// left open.
  static func csvFields(_ line: String) -> [String]? {
    var fields: [String] = []
    var field = ""
    var isQuoted = false
    var characters = line.makeIterator()
    var next = characters.next()
    while let character = next {
      next = characters.next()
      if isQuoted, character == "\"", next == "\"" {
        field.append("\"")
        next = characters.next()
      } else if character == "\"" {
        isQuoted.toggle()
      } else if character == ",", !isQuoted {
        fields.append(field)
        field = ""
      } else if character != "\r" {
        field.append(character)
      }
    }
    return isQuoted ? nil : fields + [field]
  }

  /// A number where it is one; llama-bench puts all in quotes.
  static func typed(_ text: String) -> ImportedRow.Value {
    if let value = Int(text) { return .whole(value) }
    if let value = Double(text), value.isFinite, text.first?.isLetter == false { return .real(value) }
    return .text(text)
  }

  /// `INSERT INTO test (name, …) VALUES ('value', …);`
  static func sqlRow(_ line: String) -> ImportedRow? {
    guard let open = line.firstIndex(of: "("), let close = line[open...].firstIndex(of: ")"),
      let values = line[close...].firstRange(of: "VALUES")
    else { return nil }
    let names = line[line.index(after: open)..<close].split(separator: ",").map { $0.filter { !$0.isWhitespace } }
    guard let begin = line[values.upperBound...].firstIndex(of: "("), let end = line.lastIndex(of: ")"), begin < end
    else {
      return nil
    }
    // Quotes of SQL are single ones, written twice within a text.
    var fields: [String] = []
    var field = ""
    var isQuoted = false
    var characters = line[line.index(after: begin)..<end].makeIterator()
    var next = characters.next()
    while let character = next {
      next = characters.next()
      if isQuoted, character == "'", next == "'" {
        field.append("'")
        next = characters.next()
      } else if character == "'" {
        isQuoted.toggle()
      } else if character == ",", !isQuoted {
        fields.append(field)
        field = ""
      } else if isQuoted || !character.isWhitespace {
        field.append(character)
      }
    }
    fields.append(field)
    guard !isQuoted, fields.count == names.count else { return nil }
    return ImportedRow(values: Dictionary(zip(names, fields.map(typed)), uniquingKeysWith: { $1 }))
  }

  /// The table of llama-batched-bench, which has a column B of sequences, or of sweep-bench, which has none.
  static func table(
    _ lines: [(number: Int, text: String)], _ path: String
  ) throws(RecordError) -> (Format, [ImportedRow]) {
    let rows = lines.filter { $0.text.hasPrefix("|") }.map { line in
      (
        line.number,
        line.text.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast().map { cell in
          String(cell.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
        }
      )
    }
    guard let header = rows.first?.1, header.contains("T_PP s"), header.contains("T_TG s") else {
      throw RecordError(
        file: path,
        reason: "is a table of neither llama-batched-bench nor sweep-bench; of llama-bench import -o json or csv")
    }
    let names = ["PP": "pp", "TG": "tg", "B": "pl", "N_KV": "n_kv", "T_PP s": "t_pp", "T_TG s": "t_tg"]
    var found: [ImportedRow] = []
    for (number, cells) in rows.dropFirst() where !cells.allSatisfy({ $0.allSatisfy { "-: ".contains($0) } }) {
      guard cells.count == header.count else {
        throw RecordError(file: path, reason: "line \(number): has not as many cells as the table's first line")
      }
      let values = zip(header, cells).compactMap { name, cell in names[name].map { ($0, typed(cell)) } }
      found += phases(Dictionary(values, uniquingKeysWith: { $1 }))
    }
    return (header.contains("B") ? .batchedBench : .sweepBench, found)
  }
}
