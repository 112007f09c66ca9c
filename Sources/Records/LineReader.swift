import Glibc

/// Lines of a file in order, never holding more than one line of bounded length.
struct LineReader: ~Copyable {
  /// A run of a hundred thousand samples is about 6 MB.
  static let longestLine = 16 << 20
  private static let chunk = 1 << 16

  struct Line: Sendable {
    var number: Int
    var bytes: [UInt8]
    /// False for a last line that no newline ends.
    var isComplete: Bool
  }

  private let file: FileDescriptor
  private var buffer: [UInt8] = []
  private var next = 0
  private var count = 0
  private var atEnd = false

  init(_ path: String) throws(RecordError) {
    // Without O_NONBLOCK, opening a pipe would wait for a writer.
    let opened = try FileDescriptor(path, flags: O_RDONLY | O_NONBLOCK)
    _ = try opened.requireRegularFile()
    file = opened
  }

  mutating func nextLine() throws(RecordError) -> Line? {
    var searched = next
    while true {
      if let end = buffer[searched...].firstIndex(of: 0x0A) {
        let line = Array(buffer[next..<end])
        next = end + 1
        count += 1
        return Line(number: count, bytes: line, isComplete: true)
      }
      if atEnd {
        if next == buffer.count { return nil }
        let line = Array(buffer[next...])
        next = buffer.count
        count += 1
        return Line(number: count, bytes: line, isComplete: false)
      }
      buffer.removeSubrange(..<next)
      next = 0
      searched = buffer.count
      if buffer.count > Self.longestLine {
        throw RecordError(file: file.path, line: count + 1, reason: "the line is longer than any run (16 MiB)")
      }
      let more = try file.read(upTo: Self.chunk)
      atEnd = more.isEmpty
      buffer += more
    }
  }
}
