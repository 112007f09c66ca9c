import Glibc

/// Results of many directories as one directory for each machine: the union of their runs, whatever the order and however
/// often they are given. Merging is idempotent, commutative and associative to the byte.
package struct Merge {
  package struct Outcome: Sendable {
    package var directories: [ResultsDirectory] = []
    package var runs = 0
    package var duplicates = 0
    /// Parts of a cut measurement that were left out, because they were not finished and another one was.
    package var unfinished: [String] = []
  }

  /// Merges into `output`, which may be one of the sources' parents only when it is new or a merge already.
  package static func run(_ sources: [ResultsDirectory], into output: String) throws(RecordError) -> Outcome {
    var outcome = Outcome()
    var kept: [ResultsDirectory] = []
    let parts = sources.map { ($0, MeasureTaskState.read(in: $0)) }
    for (directory, part) in parts {
      let isRedone = part.map { part in
        !part.isComplete
          && parts.contains {
            $0.1.map { $0.isComplete && $0.campaign == part.campaign && $0.task == part.task } ?? false
          }
      }
      if isRedone == true { outcome.unfinished.append(directory.path) } else { kept.append(directory) }
    }
    var machines: [String: [ResultsDirectory]] = [:]
    for directory in kept { machines[try fingerprint(of: directory), default: []].append(directory) }
    for (fingerprint, directories) in machines.sorted(by: { $0.key < $1.key }) {
      let merged = try merge(directories, fingerprint, into: output, &outcome)
      outcome.directories.append(merged)
    }
    return outcome
  }

  private static func fingerprint(of directory: ResultsDirectory) throws(RecordError) -> String {
    if directory.hasMachine { return try directory.readMachine().fingerprint }
    var reader = try LineReader(directory.runs)
    guard let line = try reader.nextLine(), let run = try? RunRecord(line: line.bytes) else {
      throw RecordError(file: directory.runs, reason: "has no finished run: measure first")
    }
    return run.machineFingerprint
  }

  private static func merge(
    _ directories: [ResultsDirectory], _ fingerprint: String, into output: String, _ outcome: inout Outcome
  ) throws(RecordError) -> ResultsDirectory {
    /// Each line with its time.
    var lines: [[UInt8]: String] = [:]
    var commands: Set<String> = []
    var machine: [UInt8]?
    var slug = "machine"
    var count = 0
    for directory in directories {
      for (line, time) in try runs(of: directory, fingerprint) {
        lines[line] = time
        count += 1
      }
      if let bytes = try? directory.contents(of: "command.txt") {
        commands.formUnion(bytes.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) })
      }
      if directory.hasMachine {
        // Descriptions of one machine differ in what it was doing: the first in order of bytes stands for all.
        let bytes = try directory.contents(of: "machine.json")
        if machine.map({ bytes.lexicographicallyPrecedes($0) }) ?? true { machine = bytes }
        slug = try directory.readMachine().slug
      }
    }
    outcome.runs += lines.count
    outcome.duplicates += count - lines.count
    let name = "\(slug)-\(fingerprint.prefix(8))".filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
    let merged = try ResultsDirectory(making: "\(output)/\(name)")
    let ordered = lines.sorted {
      $0.value != $1.value ? $0.value < $1.value : $0.key.lexicographicallyPrecedes($1.key)
    }
    try merged.write(Array(ordered.map(\.key).joined(separator: [0x0A])) + [0x0A], to: "runs.jsonl")
    if let machine { try merged.write(machine, to: "machine.json") }
    if !commands.isEmpty { try merged.write(commands.sorted().joined(separator: "\n") + "\n", to: "command.txt") }
    try Checksums.write(in: merged)
    return merged
  }

  /// The lines of a directory, each with its session: windows of two sessions are never one window. One without a session has
  /// that of the directory's earliest run.
  private static func runs(
    of directory: ResultsDirectory, _ fingerprint: String
  ) throws(RecordError) -> [(line: [UInt8], time: String)] {
    var reader = try LineReader(directory.runs)
    var found: [(line: [UInt8], record: RunRecord)] = []
    while let line = try reader.nextLine() {
      if line.bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
      let record: RunRecord
      do throws(RunDefect) {
        record = try RunRecord(line: line.bytes)
      } catch {
        // A last line that an interrupted writer left is no run.
        if line.isComplete { throw RecordError(file: directory.runs, line: line.number, reason: error.reason) }
        continue
      }
      guard record.machineFingerprint == fingerprint else {
        throw RecordError(
          file: directory.runs, line: line.number,
          reason: "is of another machine than machine.json; take the file apart")
      }
      found.append((Array(line.bytes), record))
    }
    if found.isEmpty { throw RecordError(file: directory.runs, reason: "has no finished run: measure first") }
    let first = found.map(\.record.time).min() ?? ""
    return try found.map { line, record throws(RecordError) in
      if record.session != nil { return (line, record.time) }
      var record = record
      var sum = SHA256()
      sum.update("\(first)\n\(fingerprint)".utf8)
      record.session = String(sum.hexadecimal().prefix(16))
      do {
        return (try RecordCoding.encode(record), record.time)
      } catch {
        throw RecordError(file: directory.runs, reason: "\(error)")
      }
    }
  }
}

/// `task.json` of a part of a measurement that was cut into tasks.
package struct MeasureTaskState: Codable, Sendable {
  package static let fileName = "task.json"
  /// What all tasks of one measurement share.
  package var campaign: String
  /// `3/20`
  package var task: String
  package var isComplete: Bool

  package init(campaign: String, task: String, isComplete: Bool) {
    self.campaign = campaign
    self.task = task
    self.isComplete = isComplete
  }

  package static func read(in directory: ResultsDirectory) -> MeasureTaskState? {
    (try? directory.contents(of: fileName)).flatMap { try? RecordCoding.decode(MeasureTaskState.self, from: $0) }
  }

  package func write(in directory: ResultsDirectory) throws(RecordError) {
    do {
      try directory.write(
        String(decoding: RecordCoding.encode(self, pretty: true), as: UTF8.self) + "\n", to: Self.fileName)
    } catch {
      throw error as? RecordError ?? RecordError(file: directory.path, reason: "\(error)")
    }
  }
}
