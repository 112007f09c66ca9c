import Glibc

/// One measurement's files: `machine.json`, `runs.jsonl`, `command.txt`, `report.md`.
package struct ResultsDirectory: Sendable, Hashable {
  package let path: String

  package var runs: String { path + "/runs.jsonl" }
  /// Rows of a bench of kernels, where a comparison ran one.
  package var kernels: String { path + "/kernels.jsonl" }
  package var machine: String { path + "/machine.json" }
  package var command: String { path + "/command.txt" }
  package var report: String { path + "/report.md" }

  /// An existing directory, to read or to go on with.
  package init(existing path: String) throws(RecordError) {
    var status = stat()
    if stat(path, &status) != 0 { throw .system(path) }
    if status.st_mode & S_IFMT != S_IFDIR { throw RecordError(file: path, reason: "is not a results directory") }
    self.path = path
  }

  private init(made path: String) { self.path = path }

  /// Directories as they are named; one without runs of its own stands for those below it that have some, in order of their names.
  package static func expanded(_ paths: [String]) throws(RecordError) -> [ResultsDirectory] {
    var found: [ResultsDirectory] = []
    for path in paths {
      let directory = try ResultsDirectory(existing: path)
      if access(directory.runs, F_OK) == 0 {
        found.append(directory)
        continue
      }
      let names = ((try? FileNames.of(path)) ?? []).filter { access("\(path)/\($0)/runs.jsonl", F_OK) == 0 }
      if names.isEmpty {
        throw RecordError(file: path, reason: "has no runs.jsonl, nor has a directory in it: measure first")
      }
      for name in names { found.append(try ResultsDirectory(existing: "\(path)/\(name)")) }
    }
    return found
  }

  /// Writes a whole file anywhere, so that a reader sees either the old text or the new one.
  package static func write(_ text: String, toFile path: String) throws(RecordError) {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    try ResultsDirectory(existing: folder).write(text, to: name)
  }

  /// Makes a directory within another.
  package init(making path: String) throws(RecordError) {
    try Self.makeDirectories(path)
    self.init(made: path)
  }

  /// Makes `<root>/<date>-<machine>`, or the same with `-2`, `-3` … behind it when that day has one already, and proves
  /// that it can be written to before anything is measured.
  package static func prepare(
    at root: String, machineSlug: String, date: String = Timestamp.day()
  ) throws(RecordError) -> ResultsDirectory {
    try prepare(at: root, named: "\(fileName(date))-\(fileName(machineSlug))")
  }

  /// The same under a name of its own.
  package static func prepare(at root: String, named name: String) throws(RecordError) -> ResultsDirectory {
    try makeDirectories(root)
    let base = "\(root)/\(name)"
    for attempt in 1...999 {
      let path = attempt == 1 ? base : "\(base)-\(attempt)"
      if mkdir(path, 0o755) == 0 {
        do throws(RecordError) {
          try probe(path)
        } catch {
          _ = rmdir(path)
          throw RecordError(file: path, reason: "results cannot be written: \(error.reason)")
        }
        return ResultsDirectory(made: path)
      }
      if errno != EEXIST { throw unwritable(path) }
    }
    throw RecordError(file: base, reason: "already has 999 results of this day: name another place with --results")
  }

  /// Proves that an existing directory can still be written to.
  package func checkWritable() throws(RecordError) { try Self.probe(path) }

  /// Writes a whole file so that a reader sees either the old text or the new one.
  package func write(_ text: String, to name: String) throws(RecordError) {
    try write(Array(text.utf8), to: name)
  }

  func write(_ bytes: [UInt8], to name: String) throws(RecordError) {
    let target = "\(path)/\(name)"
    let draft = target + ".part"
    do throws(RecordError) {
      let file = try FileDescriptor(draft, flags: O_WRONLY | O_CREAT | O_TRUNC)
      try file.write(bytes)
      try file.synchronize()
    } catch {
      _ = unlink(draft)
      throw RecordError(file: target, reason: error.reason)
    }
    if rename(draft, target) != 0 { throw .system(target) }
  }

  /// The command as it could be typed again.
  package func writeCommand(_ arguments: [String]) throws(RecordError) {
    try write(arguments.map(Self.quoted).joined(separator: " ") + "\n", to: "command.txt")
  }

  /// All of a small file of the directory, such as `machine.json`.
  package func contents(of name: String) throws(RecordError) -> [UInt8] {
    let file = try FileDescriptor("\(path)/\(name)", flags: O_RDONLY | O_NONBLOCK)
    let size = try file.requireRegularFile()
    if size > LineReader.longestLine {
      throw RecordError(file: "\(path)/\(name)", reason: "is \(size) bytes long, more than the tool ever writes")
    }
    var bytes: [UInt8] = []
    while bytes.count <= LineReader.longestLine {
      let more = try file.read(upTo: 1 << 16)
      if more.isEmpty { break }
      bytes += more
    }
    return bytes
  }

  /// Larger than one run's line and than what a file system keeps back for small files.
  private static let probeBytes = 256 << 10

  private static func probe(_ path: String) throws(RecordError) {
    let name = "\(path)/.probe"
    defer { _ = unlink(name) }
    let file = try FileDescriptor(name, flags: O_WRONLY | O_CREAT | O_TRUNC)
    try file.write([UInt8](repeating: 0x2E, count: probeBytes))
    try file.synchronize()
  }

  static func makeDirectories(_ path: String) throws(RecordError) {
    var status = stat()
    if stat(path, &status) == 0 {
      if status.st_mode & S_IFMT == S_IFDIR { return }
      throw RecordError(file: path, reason: "is not a directory: name another place with --results")
    }
    if let slash = path.lastIndex(of: "/"), slash > path.startIndex { try makeDirectories(String(path[..<slash])) }
    if mkdir(path, 0o755) != 0 && errno != EEXIST { throw unwritable(path) }
  }

  private static func unwritable(_ path: String) -> RecordError {
    RecordError(file: path, reason: "results cannot be written: \(RecordError.system(path).reason)")
  }

  /// A name without anything that a path or a shell would take for its own.
  private static func fileName(_ text: String) -> String {
    let kept = text.unicodeScalars.map { scalar -> Character in
      let isSafe = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      return isSafe || scalar == "-" || scalar == "_" || scalar == "." ? Character(scalar) : "-"
    }
    let name = String(kept.drop { $0 == "." || $0 == "-" }.prefix(80))
    return name.isEmpty ? "machine" : name
  }

  private static func quoted(_ argument: String) -> String {
    let plain = argument.unicodeScalars.allSatisfy {
      $0.isASCII
        && ($0.properties.isAlphabetic || $0.properties.numericType != nil || "-_./=:,+@%".unicodeScalars.contains($0))
    }
    if plain && !argument.isEmpty { return argument }
    return "'" + argument.replacing("'", with: "'\\''") + "'"
  }
}

/// Names in a directory, ascending.
enum FileNames {
  static func of(_ path: String) throws(RecordError) -> [String] {
    guard let directory = opendir(path) else { throw .system(path) }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}
