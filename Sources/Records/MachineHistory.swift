import Glibc

/// What one sitting of a measurement found, as it is remembered: a line of a machine's history.
package struct Sitting: Codable, Sendable, Hashable {
  package static let schemaName = "inferometer.sitting"

  package var schema = schemaName
  package var schemaVersion = 1
  package var toolVersion: String
  package var time: String
  package var machineFingerprint: String
  /// What was measured and how it was run, in words that tell setups apart.
  package var setup: String
  /// Units of time or processes that its figures rest on.
  package var units: Int
  /// Mean seconds of a token, as paid, by the name of the figure: `pp512`, `tg64 @ d512`, `input`, `output`.
  package var seconds: [String: Double]

  package init(
    toolVersion: String, time: String, machineFingerprint: String, setup: String, units: Int, seconds: [String: Double]
  ) {
    self.toolVersion = toolVersion
    self.time = time
    self.machineFingerprint = machineFingerprint
    self.setup = setup
    self.units = units
    self.seconds = seconds
  }

  var isValid: Bool {
    schema == Self.schemaName && schemaVersion == 1 && Timestamp.isValid(time)
      && seconds.values.allSatisfy { $0 > 0 && $0 < 1e9 }
  }
}

/// The sittings of a machine, one line each: `$XDG_STATE_HOME/inferometer/history-FINGERPRINT.jsonl`, or below `~/.local/state`.
package struct MachineHistory: Sendable {
  /// Nil where the environment names no place.
  package let path: String?
  private let fingerprint: String
  /// Lines after which the older half is forgotten.
  private static let most = 2000

  package init(
    environment: (String) -> String? = { getenv($0).map { String(cString: $0) } }, fingerprint: String
  ) {
    func absolute(_ name: String) -> String? { environment(name).flatMap { $0.hasPrefix("/") ? $0 : nil } }
    let root = absolute("XDG_STATE_HOME") ?? absolute("HOME").map { $0 + "/.local/state" }
    path = root.map { "\($0)/inferometer/history-\(fingerprint).jsonl" }
    self.fingerprint = fingerprint
  }

  /// The sittings of this machine, the oldest first. A line that cannot be read is left out: nothing is lost but a memory.
  package func sittings() throws(RecordError) -> [Sitting] {
    guard let path, access(path, F_OK) == 0 else { return [] }
    var reader = try LineReader(path)
    var sittings: [Sitting] = []
    while let line = try reader.nextLine() {
      guard let sitting = try? RecordCoding.decode(Sitting.self, from: line.bytes), sitting.isValid,
        sitting.machineFingerprint == fingerprint
      else { continue }
      sittings.append(sitting)
    }
    return sittings
  }

  package func append(_ new: [Sitting]) throws(RecordError) {
    guard let path else {
      throw RecordError(
        file: "history", reason: "has no place: neither XDG_STATE_HOME nor HOME is an absolute path")
    }
    let known = try sittings()
    if known.count + new.count > Self.most {
      return try replace(with: Array(known.suffix(Self.most / 2)) + new, path)
    }
    try ResultsDirectory.makeDirectories(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
    let writer = try LineWriter(path) { (try? RecordCoding.decode(Sitting.self, from: $0)) != nil }
    for sitting in new { try writer.append(sitting) }
    try writer.synchronize()
  }

  /// Removes all of it; returns how many sittings that were.
  package func forget() throws(RecordError) -> Int {
    guard let path, access(path, F_OK) == 0 else { return 0 }
    let count = try sittings().count
    if unlink(path) != 0 { throw .system(path) }
    return count
  }

  private func replace(with sittings: [Sitting], _ path: String) throws(RecordError) {
    let slash = path.lastIndex(of: "/") ?? path.startIndex
    let directory = try ResultsDirectory(existing: String(path[..<slash]))
    try directory.write(try Self.lines(sittings), to: String(path[path.index(after: slash)...]))
  }

  /// One line of JSON each.
  static func lines(_ sittings: [Sitting]) throws(RecordError) -> [UInt8] {
    do {
      return try sittings.flatMap { try RecordCoding.encode($0) + [0x0A] }
    } catch {
      throw RecordError(file: "history", reason: "\(error)")
    }
  }
}

extension ResultsDirectory {
  private static let historyName = "history.jsonl"

  /// The sittings before this one, which its figures are set against wherever they are read.
  package func writeHistory(_ sittings: [Sitting]) throws(RecordError) {
    try write(try MachineHistory.lines(sittings), to: Self.historyName)
  }

  /// Empty where none was written.
  package func readHistory() throws(RecordError) -> [Sitting] {
    let file = "\(path)/\(Self.historyName)"
    guard access(file, F_OK) == 0 else { return [] }
    return try contents(of: Self.historyName).split(separator: 0x0A).map { line throws(RecordError) in
      guard let sitting = try? RecordCoding.decode(Sitting.self, from: Array(line)), sitting.isValid else {
        throw RecordError(file: file, reason: "has a line that is no sitting of a measurement; remove the file")
      }
      return sitting
    }
  }
}
