import Glibc

/// Appends runs to a `runs.jsonl`: whole lines only, so that what was finished survives any end of the process.
package final class RunWriter {
  private let file: FileDescriptor
  private var size: Int

  /// Opens or makes the file, takes it for this process, and mends a last line that an earlier writer left unfinished.
  package init(_ path: String) throws(RecordError) {
    let file = try FileDescriptor(path, flags: O_RDWR | O_CREAT | O_APPEND | O_NONBLOCK)
    var size = try file.requireRegularFile()
    try file.lock()
    if let last = try RunWriter.unfinishedLine(path) {
      if (try? RunRecord(line: last)) != nil {
        try file.write([0x0A])
        size += 1
      } else {
        size -= last.count
        try file.truncate(to: size)
      }
    }
    self.file = file
    self.size = size
  }

  /// Adds one run. If the disk is full the file is left as it was.
  package func append(_ record: RunRecord) throws(RecordError) {
    if let defect = record.defect {
      throw RecordError(file: file.path, reason: "a run that no reader would accept was not written: \(defect)")
    }
    var line: [UInt8]
    do {
      line = try RecordCoding.encode(record)
    } catch {
      throw RecordError(file: file.path, reason: "a run could not be written as JSON: \(error)")
    }
    line.append(0x0A)
    do throws(RecordError) {
      try file.write(line)
    } catch {
      try? file.truncate(to: size)
      throw error
    }
    size += line.count
  }

  /// Waits until what was appended is on the disk.
  package func synchronize() throws(RecordError) { try file.synchronize() }

  private static func unfinishedLine(_ path: String) throws(RecordError) -> [UInt8]? {
    var reader = try LineReader(path)
    while let line = try reader.nextLine() {
      if !line.isComplete { return line.bytes }
    }
    return nil
  }
}
