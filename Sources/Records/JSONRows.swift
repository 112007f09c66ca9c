/// Rows of a file that holds one JSON array of them, or one a line.
enum JSONRows {
  /// `defect` says the first thing that no row can have.
  static func decode<Row: Decodable>(
    _ json: [UInt8], file: String, keys: RecordCoding.Keys = .snakeCase, defect: (Row) -> String?
  ) throws(RecordError) -> [Row] {
    // Where Windows redirects an output into a file, it may begin with a byte order mark.
    if json.starts(with: [0xFF, 0xFE]) || json.starts(with: [0xFE, 0xFF]) {
      throw RecordError(file: file, reason: "is text in UTF-16; save it as UTF-8")
    }
    let json = json.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(json.dropFirst(3)) : json
    if json.first(where: { !$0.isBlank }) == UInt8(ascii: "[") {
      let rows = try decode([Row].self, json, file: file, line: nil, keys)
      for (index, row) in rows.enumerated() {
        if let defect = defect(row) { throw RecordError(file: file, reason: "row \(index + 1): \(defect)") }
      }
      return rows
    }
    var rows: [Row] = []
    let lines = json.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where !line.allSatisfy(\.isBlank) {
      let row = try decode(Row.self, Array(line), file: file, line: index + 1, keys)
      if let defect = defect(row) { throw RecordError(file: file, line: index + 1, reason: defect) }
      rows.append(row)
    }
    return rows
  }

  private static func decode<Value: Decodable>(
    _ type: Value.Type, _ json: [UInt8], file: String, line: Int?, _ keys: RecordCoding.Keys
  ) throws(RecordError) -> Value {
    if let doubt = doubt(of: json) { throw RecordError(file: file, line: line, reason: doubt) }
    do {
      return try RecordCoding.decode(type, from: json, keys: keys)
    } catch {
      throw RecordError(file: file, line: line, reason: RecordCoding.reason(of: error))
    }
  }

  /// What a decoder does not tell: a text that ends too early, and a name that an object has twice, of which a decoder
  /// would take either. Anything else that is not JSON is left to the decoder.
  private static func doubt(of json: [UInt8]) -> String? {
    /// The names of each object that is open; nil for a list.
    var open: [Set<String>?] = []
    var next = 0
    while next < json.count {
      let byte = json[next]
      next += 1
      switch byte {
      case UInt8(ascii: "{"): open.append([])
      case UInt8(ascii: "["): open.append(nil)
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard let last = open.popLast(), (last == nil) == (byte == UInt8(ascii: "]")) else { return nil }
      case UInt8(ascii: "\""):
        let start = next - 1
        while next < json.count, json[next] != byte { next += json[next] == UInt8(ascii: "\\") ? 2 : 1 }
        guard next < json.count else { return "is cut off within a text" }
        next += 1
        guard json[next...].first(where: { !$0.isBlank }) == UInt8(ascii: ":"), let last = open.indices.last else {
          break
        }
        let text = Array(json[start..<next])
        let name = (try? RecordCoding.decode(String.self, from: text)) ?? String(decoding: text, as: UTF8.self)
        if open[last]?.insert(name).inserted == false { return "has \(name) twice" }
      default: break
      }
    }
    return open.isEmpty ? nil : "is cut off: \(open.last ?? nil == nil ? "a list" : "an object") in it does not end"
  }
}

extension UInt8 {
  fileprivate var isBlank: Bool { [0x20, 0x09, 0x0A, 0x0D].contains(self) }
}
