import Glibc

/// The files of `/proc` and `/sys` below a root that tests replace. Sizes are bounded; every failure is an `Absence`.
package struct SystemFiles: Sendable {
  /// Without a trailing slash: empty for the running system.
  private let root: String

  package init(root: String = "/") {
    var root = Substring(root)
    while root.hasSuffix("/") { root.removeLast() }
    self.root = String(root)
  }

  package var isRunningSystem: Bool { root.isEmpty }

  /// The whole file, refused when it is longer than the limit.
  package func text(_ path: String, limit: Int = 1 << 16) throws -> String {
    let bytes = try read(path, limit: limit + 1)
    guard bytes.count <= limit else { throw Absence(.malformed, "\(path) is longer than \(limit) bytes") }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The complete lines within the first bytes of the file.
  package func head(_ path: String, bytes limit: Int) throws -> [Substring] {
    let bytes = try read(path, limit: limit)
    let whole = bytes.count < limit ? bytes.count : (bytes.lastIndex(of: UInt8(ascii: "\n")) ?? 0)
    return lines(of: String(decoding: bytes[..<whole], as: UTF8.self))
  }

  package func lines(_ path: String, limit: Int = 1 << 16) throws -> [Substring] {
    lines(of: try text(path, limit: limit))
  }

  /// The first line, free of control characters and surrounding space, and short enough to be shown.
  package func line(_ path: String) throws -> String {
    let line = printable(try lines(path).first ?? "")
    guard !line.isEmpty else { throw Absence(.malformed, "\(path) is empty") }
    return line
  }

  /// The file's only line, to its last character.
  package func integer(_ path: String) throws -> Int {
    let lines = try lines(path)
    guard lines.count == 1, let value = Int(lines[0].trimmed()) else {
      throw Absence(.malformed, "\(path): \"\(printable(lines.first ?? ""))\" is not a whole number")
    }
    return value
  }

  package func natural(_ path: String) throws -> Int {
    let value = try integer(path)
    guard value >= 0 else { throw Absence(.malformed, "\(path): \(value) is below zero") }
    return value
  }

  package func exists(_ path: String) -> Bool { access(root + path, F_OK) == 0 }

  /// The names in a directory, shorter ones first, so that numbered names come in the order of their numbers.
  package func entries(_ path: String) throws -> [String] {
    guard let directory = opendir(root + path) else { throw failure(path, errno) }
    defer { closedir(directory) }
    var names: [String] = []
    while names.count < 1 << 14, let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
  }

  private func lines(of text: String) -> [Substring] {
    text.split(omittingEmptySubsequences: true) { $0 == "\n" || $0 == "\r\n" }
  }

  private func read(_ path: String, limit: Int) throws -> [UInt8] {
    // Not blocking: a FIFO in the place of a file must not hang the program.
    let descriptor = open(root + path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure(path, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Absence(.unreadable, "\(path) is not a file")
    }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: min(limit, 1 << 14))
    while bytes.count < limit {
      let count = Glibc.read(descriptor, &part, min(part.count, limit - bytes.count))
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(path, errno)
      }
      bytes += part[..<count]
    }
    return bytes
  }

  private func failure(_ path: String, _ code: Int32) -> Absence {
    switch code {
    case ENOENT, ENOTDIR: Absence(.missing, "there is no \(path)")
    case EACCES, EPERM: Absence(.forbidden, "\(path) may not be read by this user")
    default: Absence(.unreadable, "\(path) cannot be read: \(String(cString: strerror(code)))")
    }
  }
}

/// At most 200 characters, control characters dropped: what a file says may end in a terminal or a file name.
func printable(_ text: some StringProtocol) -> String {
  let shown = text.unicodeScalars.lazy.filter { scalar in
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: scalar == "\t"
    default: scalar != "\u{FFFD}"
    }
  }
  return String(String.UnicodeScalarView(shown.prefix(200))).trimmed()
}

extension StringProtocol {
  /// Without spaces, tabs and line ends at both ends.
  package func trimmed() -> String {
    let blank: (Character) -> Bool = { $0.isWhitespace }
    guard let first = firstIndex(where: { !blank($0) }), let last = lastIndex(where: { !blank($0) }) else { return "" }
    return String(self[first...last])
  }
}
