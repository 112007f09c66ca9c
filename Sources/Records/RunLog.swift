import Dispatch

/// The runs of one `runs.jsonl`, in the order in which they finished.
package struct RunLog: Sendable {
  package var records: [RunRecord] = []
  /// What a reader should know about the file; a line that an interrupted writer left unfinished, for one.
  package var warnings: [String] = []

  package init(records: [RunRecord] = [], warnings: [String] = []) {
    self.records = records
    self.warnings = warnings
  }

  /// Reads a file to its end. A cut-off last line is a warning; anything else that is wrong is an error with its line.
  package static func read(_ path: String) throws(RecordError) -> RunLog {
    var log = RunLog()
    var reader = try LineReader(path)
    var batch: [LineReader.Line] = []
    var isAtEnd = false
    // A line before it may be wrong too, and is named first.
    var unreadable: RecordError?
    while !isAtEnd {
      batch.removeAll(keepingCapacity: true)
      while batch.count < batchLines {
        let line: LineReader.Line?
        do throws(RecordError) {
          line = try reader.nextLine()
        } catch {
          (unreadable, line) = (error, nil)
        }
        guard let line else {
          isAtEnd = true
          break
        }
        if !line.bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { batch.append(line) }
      }
      for (line, result) in zip(batch, decoded(batch)) {
        switch result {
        case .success(let record): log.records.append(record)
        case .failure(let error) where line.isComplete:
          throw RecordError(file: path, line: line.number, reason: error.reason)
        case .failure:
          log.warnings.append(
            "\(path.printable):\(line.number): the last line is cut off (a run was interrupted while it was written); "
              + "the \(log.records.count) runs before it are used")
        }
      }
    }
    if let unreadable { throw unreadable }
    return log
  }

  /// Lines that are held at once while all processors decode them.
  private static let batchLines = 512

  /// Decoding takes a hundred times as long as reading, and lines have nothing to do with each other.
  private static func decoded(_ lines: [LineReader.Line]) -> [Result<RunRecord, RunDefect>] {
    @Sendable func decode(_ line: LineReader.Line) -> Result<RunRecord, RunDefect> {
      Result { () throws(RunDefect) in try RunRecord(line: line.bytes) }
    }
    guard lines.count > 16 else { return lines.map { decode($0) } }
    return Array(unsafeUninitializedCapacity: lines.count) { buffer, count in
      // Each place is written by one thread only.
      nonisolated(unsafe) let places = buffer
      DispatchQueue.concurrentPerform(iterations: lines.count) { index in
        (places.baseAddress! + index).initialize(to: decode(lines[index]))
      }
      count = lines.count
    }
  }

  /// The runs of a text that holds one a line, such as another process printed.
  package init(lines: [UInt8], of source: String) throws(RecordError) {
    for (index, line) in lines.split(separator: 0x0A).enumerated() {
      do throws(RunDefect) {
        records.append(try RunRecord(line: Array(line)))
      } catch {
        throw RecordError(file: source, line: index + 1, reason: error.reason)
      }
    }
  }
}

/// Why one line is not a run.
struct RunDefect: Error {
  var reason: String
}

extension RunRecord {
  /// Only what must be known before the rest can be understood.
  private struct Header: Decodable {
    var schema: String
    var schemaVersion: Int
  }

  private static func checkHeader(_ line: [UInt8]) throws(RunDefect) {
    let header: Header
    do {
      header = try RecordCoding.decode(Header.self, from: line)
    } catch {
      throw RunDefect(reason: RecordCoding.reason(of: error))
    }
    guard header.schema == Self.schemaName else {
      throw RunDefect(reason: "schema is \"\(header.schema)\", not \"\(Self.schemaName)\": not a run of this tool")
    }
    guard header.schemaVersion <= Self.schemaVersion else {
      throw RunDefect(
        reason: "written by a newer version (record format \(header.schemaVersion); this one reads up to "
          + "\(Self.schemaVersion)): read it with the version that wrote it, or update")
    }
    guard header.schemaVersion >= 1 else { throw RunDefect(reason: "schema_version is \(header.schemaVersion)") }
  }

  /// A run from one line of JSON, refused when any part of it cannot be.
  init(line: [UInt8]) throws(RunDefect) {
    do {
      self = try RecordCoding.decode(RunRecord.self, from: line)
    } catch {
      // What kind of file it is says more than what is missing in it.
      try Self.checkHeader(line)
      throw RunDefect(reason: RecordCoding.reason(of: error))
    }
    if schema != Self.schemaName || schemaVersion != Self.schemaVersion { try Self.checkHeader(line) }
    if let defect { throw RunDefect(reason: defect) }
  }
}
