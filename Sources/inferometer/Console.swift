import Glibc
import Records
import Reporting
import Synchronization

/// Where results, progress and notes go: results to standard output, everything else to standard error.
enum Console {
  private static let showsProgress = isatty(STDERR_FILENO) == 1
  private static let isTerminal = isatty(STDOUT_FILENO) == 1
  private static let hasProgress = Atomic<Bool>(false)

  /// Writes all of the text at once, past any buffer, so that what was measured is seen as soon as it is known.
  static func print(_ text: String) throws {
    clearProgress()
    if let reason = write(text, to: STDOUT_FILENO) { throw Failure(.failure, "standard output: \(reason)") }
  }

  /// Shows a page as a screen of 80 columns, coloured where standard output is a terminal that wants it.
  static func show(_ page: ReportPage) throws { try print(Terminal.text(page, style: style)) }

  private static var style: TextStyle {
    var environment: [String: String] = [:]
    for name in ["NO_COLOR", "TERM"] { environment[name] = getenv(name).map { String(cString: $0) } }
    return .forTerminal(descriptor: STDOUT_FILENO, environment: environment)
  }

  /// Prints text of unknown origin, nothing of which may steer a terminal.
  static func printForeign(_ text: String) throws {
    guard isTerminal else { return try print(text) }
    try print(
      text.unicodeScalars.reduce(into: "") { shown, scalar in
        shown += scalar == "\n" || scalar == "\t" ? String(scalar) : String(scalar).printable
      })
  }

  /// One line for people, who may be reading a log.
  static func note(_ text: String) { remark("inferometer: \(text.printable)\n") }

  /// What people want to know and is not the result, such as what a generation cost.
  static func remark(_ page: ReportPage) { remark(Terminal.text(page)) }

  /// Text as it stands, such as a table that goes to standard error.
  static func remark(_ text: String) {
    clearProgress()
    _ = write(text, to: STDERR_FILENO)
  }

  /// A line that the next one replaces; nothing where nobody looks.
  static func progress(_ text: String) {
    guard showsProgress else { return }
    _ = write("\r\u{1b}[K" + text.printable.prefix(errorColumns - 1), to: STDERR_FILENO)
    hasProgress.store(true, ordering: .relaxed)
  }

  static func clearProgress() {
    if hasProgress.exchange(false, ordering: .relaxed) { _ = write("\r\u{1b}[K", to: STDERR_FILENO) }
  }

  private static var errorColumns: Int {
    var size = winsize()
    return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20 ? Int(size.ws_col) : 80
  }

  /// Nil, or why the text could not be written.
  private static func write(_ text: String, to descriptor: Int32) -> String? {
    var text = text
    return text.withUTF8 { bytes in
      var done = 0
      while done < bytes.count {
        let count = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
        if count < 0, errno == EINTR { continue }
        if count < 0 { return String(cString: strerror(errno)).lowercased() }
        done += count
      }
      return nil
    }
  }
}

/// What `--json` prints: snake case, sorted keys, one value a call.
enum JSONText {
  static func of(_ value: some Encodable, pretty: Bool = false) throws -> String {
    String(decoding: try RecordCoding.encode(value, pretty: pretty), as: UTF8.self) + "\n"
  }
}
