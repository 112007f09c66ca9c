import Machine

/// Makes rows of the lines of a meter's log: two columns named in a first line, or a time and watts.
///
/// Cells are those of RFC 4180, between commas, semicolons or tabs. What is not read whole is an error.
struct MeterLogReader {
  let path: String
  private(set) var line = 0
  private var columns: Columns?
  private var last = -Double.infinity
  private var times = WrittenNumbers()
  private var powers = WrittenNumbers()

  private struct Columns {
    var delimiter = UInt8(ascii: ",")
    var time = 0
    var watts = 1
    var count = 2
    var unit: PowerUnit?
  }

  struct Row: Equatable {
    /// Seconds since 1970 in UTC.
    let time: Double
    /// Absent where the meter wrote no power that a computer draws.
    let watts: Finding<Double>
  }

  init(path: String) { self.path = path }

  /// Nil for a blank line, a remark and the line of titles.
  mutating func row(_ text: String) throws(MeterLogError) -> Row? {
    line += 1
    var text = text
    if line == 1, text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    if text.utf8.last == UInt8(ascii: "\r") { text.unicodeScalars.removeLast() }
    guard !text.unicodeScalars.contains("\0") else { throw error("is not UTF-8 text; save the log as UTF-8") }
    if text.trimmed().isEmpty || text.trimmed().hasPrefix("#") { return nil }
    if let columns { return try row(cells(text, columns.delimiter), columns) }
    let delimiter = Self.delimiter(text)
    let cells = try cells(text, delimiter)
    if let titled = try titled(cells, delimiter) {
      columns = titled
      return nil
    }
    let untitled = Columns(delimiter: delimiter)
    columns = untitled
    return try row(cells, untitled)
  }

  // MARK: - Cells

  private static func delimiter(_ text: String) -> UInt8 {
    var isQuoted = false
    let bare = text.utf8.filter { byte in
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      return !isQuoted
    }
    return [UInt8(ascii: "\t"), UInt8(ascii: ";")].first { bare.contains($0) } ?? UInt8(ascii: ",")
  }

  private func cells(_ text: String, _ delimiter: UInt8) throws(MeterLogError) -> [String] {
    let quote = UInt8(ascii: "\"")
    var cells: [String] = []
    var rest = text.utf8[...]
    while true {
      rest = rest.drop { $0 == UInt8(ascii: " ") }
      var cell: [UInt8] = []
      if rest.first == quote {
        // A quote within quotes is written twice.
        repeat {
          rest.removeFirst()
          guard let end = rest.firstIndex(of: quote) else { throw error("has a quote that does not end") }
          cell += rest[..<end]
          rest = rest[end...].dropFirst()
          if rest.first == quote { cell.append(quote) }
        } while rest.first == quote
        rest = rest.drop { $0 == UInt8(ascii: " ") }
        guard rest.isEmpty || rest.first == delimiter else { throw error("has text behind a closing quote") }
      } else {
        cell = Array(rest.prefix { $0 != delimiter })
        rest = rest.dropFirst(cell.count)
      }
      cells.append(String(decoding: cell, as: UTF8.self).trimmed())
      if rest.isEmpty { return cells }
      rest.removeFirst()
    }
  }

  // MARK: - Titles

  /// Nil for a line of readings.
  private func titled(_ cells: [String], _ delimiter: UInt8) throws(MeterLogError) -> Columns? {
    let times = cells.indices.filter { Self.isTime(cells[$0]) }
    let powers = cells.indices.compactMap { index in Self.power(cells[index]).map { (index: index, unit: $0) } }
    let text = cells.joined(separator: ",").prefix(60)
    if times.isEmpty && powers.isEmpty && text.utf8.contains(where: { (0x30...0x39).contains($0) }) { return nil }
    let wanted = "title a column timestamp and one watts, or power with W, kW or mW"
    guard !times.isEmpty, !powers.isEmpty else {
      let missing = times.isEmpty ? powers.isEmpty ? "time and watts" : "time" : "column in watts"
      throw error("\"\(text)\" has no \(missing); \(wanted)")
    }
    guard times.count == 1, powers.count == 1 else {
      throw error("\"\(text)\" has several columns of \(times.count > 1 ? "times" : "power"); keep one")
    }
    return Columns(
      delimiter: delimiter, time: times[0], watts: powers[0].index, count: cells.count, unit: powers[0].unit)
  }

  private static func words(_ title: String) -> [String] {
    title.split { !$0.isLetter && !$0.isNumber }.map(String.init)
  }

  private static func isTime(_ title: String) -> Bool {
    var words = words(title.lowercased())
    if words.count > 1, ["utc", "s", "seconds"].contains(words.last) { words.removeLast() }
    return ["time", "timestamp", "date", "datetime", "date time", "unix", "unix time"].contains(
      words.joined(separator: " "))
  }

  /// The unit of a title of power, or no unit; nil for other titles: `watts`, `power`, `Power (kW)`, `active_power_w`.
  private static func power(_ title: String) -> PowerUnit?? {
    var words = words(title)
    let unit = words.last.flatMap(PowerUnit.init)
    if unit != nil { words.removeLast() }
    let isPower = ["power", "active power", "real power"].contains(words.joined(separator: " ").lowercased())
    return isPower || (unit != nil && words.isEmpty) ? .some(unit) : nil
  }

  // MARK: - Readings

  private mutating func row(_ cells: [String], _ columns: Columns) throws(MeterLogError) -> Row {
    guard cells.count == columns.count else {
      throw error(
        "\"\(cells.joined(separator: ",").prefix(60))\" has \(cells.count == 1 ? "1 cell" : "\(cells.count) cells") instead "
          + "of \(columns.count); title all columns, put a number with a comma in quotes, and write such as "
          + "2026-01-31T09:30:00Z,85.2")
    }
    let time = try time(cells[columns.time])
    guard time >= last else { throw error("goes back in time to \(cells[columns.time].prefix(40))") }
    last = time
    let watts = try watts(cells[columns.watts], columns.unit)
    let isPlausible = watts > 0 && watts <= Sensor.plausibleWatts.upperBound
    return Row(time: time, watts: isPlausible ? .found(watts) : .absent("\(path):\(line): \(watts) W is not plausible"))
  }

  private mutating func time(_ cell: String) throws(MeterLogError) -> Double {
    if let moment = TimeOfDay.unixSeconds(cell) { return moment }
    guard let read = try? times.read(cell), read.rest.isEmpty else {
      throw error(
        "\"\(cell.prefix(40))\" is not a time with its zone; write 2026-01-31T09:30:00Z, +01:00 for Z, or seconds since "
          + "1970")
    }
    let seconds = read.number.value()
    guard (1e8...1e10).contains(seconds) else { throw error("\(cell.prefix(40)) is not seconds since 1970") }
    return seconds
  }

  private mutating func watts(_ cell: String, _ titled: PowerUnit?) throws(MeterLogError) -> Double {
    // What a meter writes where it has no number.
    if ["nan", "inf", "+inf", "-inf"].contains(cell.lowercased()) { return .nan }
    do throws(WrittenNumbers.Doubt) {
      let (number, rest) = try powers.read(cell)
      let own = PowerUnit(rest)
      guard rest.isEmpty || own != nil else { throw .init(reason: "is in \"\(rest.prefix(20))\", not in W, kW or mW") }
      guard own == nil || titled == nil || own == titled else { throw .init(reason: "has another unit than its title") }
      return number.value(timesTenTo: (own ?? titled ?? .watts).rawValue)
    } catch {
      throw self.error("\"\(cell.prefix(40))\" is not a power in watts: it \(error.reason)")
    }
  }

  private func error(_ reason: String) -> MeterLogError { MeterLogError(path, line, reason) }
}

/// Units of power by the powers of ten that make watts of them.
private enum PowerUnit: Int {
  case milliwatts = -3
  case watts = 0
  case kilowatts = 3

  /// Nil for everything else, and for `mw`, which could be a million watts too.
  init?(_ text: String) {
    switch (text, text.lowercased()) {
    case ("mW", _), (_, "milliwatts"), (_, "milliwatt"): self = .milliwatts
    case (_, "w"), (_, "watts"), (_, "watt"): self = .watts
    case (_, "kw"), (_, "kilowatts"), (_, "kilowatt"): self = .kilowatts
    default: return nil
    }
  }
}
