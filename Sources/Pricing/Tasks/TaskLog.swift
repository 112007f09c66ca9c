/// Tasks that were logged: a column of numbers for each thing that was counted.
package struct TaskLog: Sendable {
  package var rows: Int
  package var columns: [String: [Double]]

  /// Names of OpenTelemetry's conventions for generative models.
  package static let inputColumn = "gen_ai.usage.input_tokens"
  package static let outputColumn = "gen_ai.usage.output_tokens"
  package static let cachedColumn = "gen_ai.usage.cache_read.input_tokens"
  package static let reasoningColumn = "gen_ai.usage.reasoning.output_tokens"

  package init(rows: Int, columns: [String: [Double]]) {
    self.rows = rows
    self.columns = columns
  }

  var cached: [Double]? { columns[Self.cachedColumn] }
}

extension TaskLog {
  package static let mostRows = 10_000_000

  /// Reads a log with a row a task: CSV under a line of names, or a JSON object a line, in which names may stand below others, as
  /// in `attributes`. Only the columns that are asked for are read; a row that lacks one of them is an error, but for the count
  /// of cached and of reasoning tokens, which is zero where it is missing.
  package init(_ bytes: [UInt8], columns names: Set<String>) throws(ScenarioError) {
    var wanted = names
    wanted.insert(Self.cachedColumn)
    // A byte order mark is not part of the first name.
    let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    let first = bytes.first { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    guard let first else { throw ScenarioError("", "the log is empty") }
    self =
      first == UInt8(ascii: "{")
      ? try Self.objects(bytes, names, wanted) : try Self.table(bytes, names, wanted)
    guard rows > 0 else { throw ScenarioError("", "the log has no row") }
  }

  private static let optional: Set<String> = [cachedColumn, reasoningColumn]

  private static func objects(
    _ bytes: [UInt8], _ names: Set<String>, _ wanted: Set<String>
  ) throws(ScenarioError) -> TaskLog {
    let order = wanted.sorted()
    var columns = order.map { _ in [Double]() }
    var (rows, number, hasCached) = (0, 0, false)
    var row: [String: Double] = [:]
    func collect(_ members: [JSON5.Member], _ line: Int) throws(ScenarioError) {
      for member in members {
        if case .object(let inner) = member.node.value {
          try collect(inner, line)
        } else if wanted.contains(member.key) {
          guard case .number(let value, true) = member.node.value, value >= 0 else {
            throw ScenarioError(member.key, line: line, "is no whole number of zero or more")
          }
          guard row.updateValue(value, forKey: member.key) == nil else {
            throw ScenarioError(member.key, line: line, "stands twice in one row")
          }
        }
      }
    }
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      if line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\t") }) {
        continue
      }
      let node: JSON5.Node
      do throws(JSON5.Flaw) { node = try JSON5.parse(line) } catch {
        throw ScenarioError("", line: number, error.reason)
      }
      guard case .object(let members) = node.value else {
        throw ScenarioError("", line: number, "is \(node.value.word); each line of the log is an object")
      }
      row.removeAll(keepingCapacity: true)
      try collect(members, number)
      guard rows < mostRows else { throw ScenarioError("", line: number, "at most \(mostRows) rows are read") }
      for (place, name) in order.enumerated() {
        let value = row[name]
        if value == nil, names.contains(name), !optional.contains(name) {
          throw ScenarioError(name, line: number, "is missing in this row of the log")
        }
        columns[place].append(value ?? 0)
      }
      rows += 1
      hasCached = hasCached || row[cachedColumn] != nil
    }
    var all = Dictionary(uniqueKeysWithValues: zip(order, columns))
    if !hasCached, !names.contains(cachedColumn) { all[cachedColumn] = nil }
    return TaskLog(rows: rows, columns: all)
  }

  private static func table(
    _ bytes: [UInt8], _ names: Set<String>, _ wanted: Set<String>
  ) throws(ScenarioError) -> TaskLog {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
    let heading = fields(lines.removeFirst()).map { String(decoding: $0, as: UTF8.self) }
    for name in names where !heading.contains(name) && !optional.contains(name) {
      throw ScenarioError(name, line: 1, "is no column of the log; it has \(heading.joined(separator: ", "))")
    }
    for (index, name) in heading.enumerated() where wanted.contains(name) && heading.firstIndex(of: name) != index {
      throw ScenarioError(name, line: 1, "is the name of two columns")
    }
    let places = heading.enumerated().filter { wanted.contains($0.element) }
    var columns = [[Double]](repeating: [], count: places.count)
    var (rows, number) = (0, 1)
    for line in lines {
      number += 1
      if line.allSatisfy({ $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: " ") }) { continue }
      guard rows < mostRows else { throw ScenarioError("", line: number, "at most \(mostRows) rows are read") }
      let cells = fields(line)
      guard cells.count == heading.count else {
        throw ScenarioError("", line: number, "has \(cells.count) fields where the heading has \(heading.count)")
      }
      for (column, place) in places.enumerated() {
        guard let value = whole(cells[place.offset]) else {
          let text = String(decoding: cells[place.offset].prefix(40), as: UTF8.self)
          throw ScenarioError(place.element, line: number, "is '\(text)'; give a whole number of zero or more")
        }
        columns[column].append(value)
      }
      rows += 1
    }
    var all = Dictionary(uniqueKeysWithValues: zip(places.map(\.element), columns))
    for name in names where all[name] == nil { all[name] = [Double](repeating: 0, count: rows) }
    return TaskLog(rows: rows, columns: all)
  }

  /// Fields between commas; one in double quotes loses them.
  private static func fields(_ line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var fields: [ArraySlice<UInt8>] = []
    var (begin, isQuoted) = (line.startIndex, false)
    func field(_ end: Int) -> ArraySlice<UInt8> {
      var field = line[begin..<end]
      if field.last == UInt8(ascii: "\r") { field.removeLast() }
      if field.count > 1, field.first == UInt8(ascii: "\""), field.last == UInt8(ascii: "\"") {
        field = field.dropFirst().dropLast()
      }
      return field
    }
    for index in line.indices {
      if line[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
      if line[index] == UInt8(ascii: ","), !isQuoted {
        fields.append(field(index))
        begin = index + 1
      }
    }
    return fields + [field(line.endIndex)]
  }

  private static func whole(_ digits: ArraySlice<UInt8>) -> Double? {
    guard !digits.isEmpty, digits.count < 16 else { return nil }
    var value = 0.0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = value * 10 + Double(digit - UInt8(ascii: "0"))
    }
    return value
  }
}
