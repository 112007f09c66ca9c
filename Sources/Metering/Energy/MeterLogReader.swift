import Machine

/// Makes rows of the lines of a meter's log: two columns named in a first line, or a time and watts.
struct MeterLogReader {
  let path: String
  private(set) var line = 0
  private var columns: (time: Int, watts: Int)?
  private var last = -Double.infinity

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
    let text = text.trimmed()
    if text.isEmpty || text.hasPrefix("#") { return nil }
    let cells = text.split(omittingEmptySubsequences: false) { $0 == "," || $0 == ";" || $0 == "\t" }.map {
      $0.trimmed().filter { $0 != "\"" }
    }
    guard let columns else { return try begin(cells) }
    return try row(cells, columns)
  }

  private mutating func begin(_ cells: [String]) throws(MeterLogError) -> Row? {
    let titles = cells.map { $0.lowercased() }
    func index(of names: Set<String>) -> Int? { titles.firstIndex { names.contains($0) } }
    if let time = index(of: ["time", "timestamp", "unix_seconds", "date"]),
      let watts = index(of: ["watts", "w", "power", "power_w", "power_watts"])
    {
      columns = (time, watts)
      return nil
    }
    columns = (0, 1)
    return try row(cells, (0, 1))
  }

  private mutating func row(
    _ cells: [String], _ columns: (time: Int, watts: Int)
  ) throws(MeterLogError) -> Row {
    guard cells.count > max(columns.time, columns.watts) else {
      throw error(
        "\"\(cells.joined(separator: ",").prefix(60))\" has no time and watts; write 2026-01-31T09:30:00Z,85.2")
    }
    let written = cells[columns.time]
    let time: Double
    if let seconds = Double(written) {
      guard (1e8...1e10).contains(seconds) else { throw error("\(written) is not seconds since 1970") }
      time = seconds
    } else {
      guard let moment = TimeOfDay.unixSeconds(written) else {
        throw error(
          "\"\(written.prefix(40))\" is not a time with its zone; write 2026-01-31T09:30:00Z, +01:00 for Z, or seconds "
            + "since 1970")
      }
      time = moment
    }
    guard time >= last else { throw error("goes back in time to \(written.prefix(40))") }
    last = time
    guard let watts = Double(cells[columns.watts]) else {
      throw error("\"\(cells[columns.watts].prefix(40))\" is not a power in watts")
    }
    let isPlausible = watts > 0 && watts <= Sensor.plausibleWatts.upperBound
    return Row(time: time, watts: isPlausible ? .found(watts) : .absent("\(path):\(line): \(watts) W is not plausible"))
  }

  private func error(_ reason: String) -> MeterLogError { MeterLogError(path, line, reason) }
}
