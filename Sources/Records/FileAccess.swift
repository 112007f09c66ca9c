import Glibc

/// The system calls that reading and writing results needs, each failing with the file's name and the system's reason.
struct FileDescriptor: ~Copyable {
  let number: Int32
  let path: String

  init(_ path: String, flags: Int32, mode: mode_t = 0o644) throws(RecordError) {
    var opened: Int32
    repeat { opened = Glibc.open(path, flags | O_CLOEXEC, mode) } while opened < 0 && errno == EINTR
    if opened < 0 { throw .system(path) }
    number = opened
    self.path = path
  }

  deinit { _ = Glibc.close(number) }

  /// Refuses directories, pipes and devices: reading one could block for ever or never end.
  func requireRegularFile() throws(RecordError) -> Int {
    var status = stat()
    if fstat(number, &status) != 0 { throw .system(path) }
    if status.st_mode & S_IFMT == S_IFDIR { throw RecordError(file: path, reason: "is a directory, not a file") }
    if status.st_mode & S_IFMT != S_IFREG { throw RecordError(file: path, reason: "is not a regular file") }
    return Int(status.st_size)
  }

  /// Up to `count` bytes; empty at the end of the file.
  func read(upTo count: Int) throws(RecordError) -> [UInt8] {
    var result = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      repeat { result = Glibc.read(number, buffer.baseAddress, count) } while result < 0 && errno == EINTR
      filled = max(0, result)
    }
    if result < 0 { throw .system(path) }
    return bytes
  }

  /// Writes all bytes, in one call unless the system takes them in parts.
  func write(_ bytes: [UInt8]) throws(RecordError) {
    var done = 0
    while done < bytes.count {
      let written = bytes.withUnsafeBytes { Glibc.write(number, $0.baseAddress?.advanced(by: done), $0.count - done) }
      if written < 0 && errno == EINTR { continue }
      if written < 0 { throw .system(path) }
      done += written
    }
  }

  func truncate(to size: Int) throws(RecordError) {
    if ftruncate(number, off_t(size)) != 0 { throw .system(path) }
  }

  func synchronize() throws(RecordError) {
    if fsync(number) != 0 { throw .system(path) }
  }

  /// Takes the file for this process alone; another writer is an error, not a wait.
  func lock() throws(RecordError) {
    if flock(number, LOCK_EX | LOCK_NB) == 0 { return }
    if errno == EWOULDBLOCK { throw RecordError(file: path, reason: "another process is writing to it") }
    throw .system(path)
  }
}

extension RecordError {
  /// The reason that the system gives for the call that just failed.
  static func system(_ path: String) -> RecordError {
    RecordError(file: path, reason: reason(errno))
  }

  private static func reason(_ code: Int32) -> String {
    switch code {
    case ENOENT: "no such file or directory"
    case EACCES, EPERM: "permission denied"
    case EROFS: "the file system is read-only"
    case ENOSPC, EDQUOT: "no space left: free some, or write elsewhere with --results"
    case ENAMETOOLONG: "the name is too long"
    default: String(cString: strerror(code)).lowercased()
    }
  }
}

/// A file of the user's that is read whole.
package enum InputFile {
  /// The bytes of a regular file of at most so many.
  package static func bytes(of path: String, atMost limit: Int) throws(RecordError) -> [UInt8] {
    let file = try FileDescriptor(path, flags: O_RDONLY | O_NONBLOCK)
    let size = try file.requireRegularFile()
    func refuse() -> RecordError { RecordError(file: path, reason: "is larger than \(limit >> 20) MiB") }
    if size > limit { throw refuse() }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size)
    while true {
      let more = try file.read(upTo: 1 << 20)
      if more.isEmpty { return bytes }
      bytes += more
      if bytes.count > limit { throw refuse() }
    }
  }
}
