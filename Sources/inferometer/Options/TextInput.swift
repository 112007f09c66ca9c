import Glibc

/// Text from an option, a file or standard input, byte for byte.
enum TextInput {
  /// Longer than any context, in any language.
  private static let most = 64 << 20

  /// The text's option, or the file's; one of the two is needed. `-` stands for standard input, in the text's option
  /// only where `dash` says so.
  static func bytes(
    _ arguments: Arguments, text: Option, file: Option, dash: Bool
  ) throws -> [UInt8] {
    switch (arguments.string(text), arguments.string(file)) {
    case (_?, _?): throw UsageError(file, "has no meaning beside \(text.name); leave one of them out")
    case (nil, nil): throw UsageError(text, "a text is needed; write \(text.name) TEXT or \(file.name) FILE")
    case ("-", nil) where dash: return try read("-")
    case (let text?, nil): return Array(text.utf8)
    case (nil, let path?): return try read(path)
    }
  }

  private static func read(_ path: String) throws -> [UInt8] {
    let name = path == "-" ? "standard input" : path
    func fail(_ reason: String) -> Failure { Failure(.badData, "\(name): \(reason)") }
    let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw fail(String(cString: strerror(errno)).lowercased()) }
    defer { if descriptor != STDIN_FILENO { close(descriptor) } }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR, !Interruption.isRequested { continue }
      if Interruption.isRequested { throw Failure(.interrupted) }
      if count < 0 { throw fail(String(cString: strerror(errno)).lowercased()) }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
      guard bytes.count <= most else { throw fail("is longer than \(most >> 20) MiB, more than any context holds") }
    }
  }
}
