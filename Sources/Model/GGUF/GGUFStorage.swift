import Glibc

/// The bytes of a file, read-only, kept until the last reader lets go.
final class GGUFStorage: @unchecked Sendable {  // unchecked: the bytes never change, `release` runs once
  let bytes: UnsafeRawBufferPointer
  private let isMapped: Bool
  private let release: () -> Void

  /// Memory that the caller lends; `release` is called when nobody reads it any more.
  init(lending bytes: UnsafeRawBufferPointer, isMapped: Bool = false, release: @escaping () -> Void) {
    self.bytes = bytes
    self.isMapped = isMapped
    self.release = release
  }

  deinit { release() }

  convenience init(copying bytes: some Collection<UInt8>) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
    copy.copyBytes(from: bytes)
    self.init(lending: UnsafeRawBufferPointer(copy)) { copy.deallocate() }
  }

  convenience init(mapping path: String) throws(GGUFError) {
    func failure(_ reason: String) -> GGUFError { GGUFError(path: path, field: "file", reason: reason) }
    guard !path.utf8.contains(0) else { throw failure("the path holds a NUL character") }
    // Without O_NONBLOCK, opening a named pipe would wait for a writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure("cannot be opened: \(String(cString: strerror(errno)))") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw failure("cannot be examined: \(String(cString: strerror(errno)))")
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw failure("is a directory, not a GGUF file")
    default: throw failure("is not a regular file")
    }
    let size = Int(status.st_size)
    guard size > 0 else { throw failure("is empty, not a GGUF file") }
    guard let base = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
      throw failure("cannot be mapped: \(String(cString: strerror(errno)))")
    }
    self.init(lending: UnsafeRawBufferPointer(start: base, count: size), isMapped: true) { munmap(base, size) }
  }

  /// Lets the kernel take back the whole pages inside `range`; they are read again from the file if touched.
  func adviseDone(_ range: Range<Int>) {
    guard isMapped, let base = bytes.baseAddress else { return }
    let page = sysconf(Int32(_SC_PAGESIZE))
    let first = (range.lowerBound + page - 1) / page * page
    let end = range.upperBound / page * page
    guard first < end else { return }
    _ = madvise(UnsafeMutableRawPointer(mutating: base + first), end - first, MADV_DONTNEED)
  }
}
