import Glibc

/// Appends values to a file, each as a line of JSON: whole lines only, so that what was finished survives any end of the process.
package final class LineWriter {
  private let file: FileDescriptor
  private var size: Int

  /// Opens or makes the file, takes it for this process, and mends a last line that an earlier writer left unfinished: it is
  /// ended where it is whole but for that, and removed where not.
  package init(_ path: String, isWhole: (_ line: [UInt8]) -> Bool) throws(RecordError) {
    let file = try FileDescriptor(path, flags: O_RDWR | O_CREAT | O_APPEND | O_NONBLOCK)
    var size = try file.requireRegularFile()
    try file.lock()
    if let last = try Self.unfinishedLine(path) {
      if isWhole(last) {
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

  package var path: String { file.path }

  /// If the disk is full the file is left as it was.
  package func append(_ value: some Encodable) throws(RecordError) {
    var line: [UInt8]
    do {
      line = try RecordCoding.encode(value)
    } catch {
      throw RecordError(file: path, reason: "a line could not be written as JSON: \(error)")
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
