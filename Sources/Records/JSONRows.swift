/// Rows of a file that holds one JSON array of them, or one a line.
enum JSONRows {
  /// `defect` says the first thing that no row can have.
  static func decode<Row: Decodable>(
    _ json: [UInt8], file: String, defect: (Row) -> String?
  ) throws(RecordError) -> [Row] {
    if json.first(where: { !$0.isBlank }) == UInt8(ascii: "[") {
      let rows = try decode([Row].self, json, file: file, line: nil)
      for (index, row) in rows.enumerated() {
        if let defect = defect(row) { throw RecordError(file: file, reason: "row \(index + 1): \(defect)") }
      }
      return rows
    }
    var rows: [Row] = []
    let lines = json.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where !line.allSatisfy(\.isBlank) {
      let row = try decode(Row.self, Array(line), file: file, line: index + 1)
      if let defect = defect(row) { throw RecordError(file: file, line: index + 1, reason: defect) }
      rows.append(row)
    }
    return rows
  }

  private static func decode<Value: Decodable>(
    _ type: Value.Type, _ json: [UInt8], file: String, line: Int?
  ) throws(RecordError) -> Value {
    do {
      return try RecordCoding.decode(type, from: json)
    } catch {
      throw RecordError(file: file, line: line, reason: RecordCoding.reason(of: error))
    }
  }
}

extension UInt8 {
  fileprivate var isBlank: Bool { [0x20, 0x09, 0x0A, 0x0D].contains(self) }
}
