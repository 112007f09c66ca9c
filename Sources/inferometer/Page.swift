import Glibc
import Reporting

/// Text for a screen of 80 columns: labelled paragraphs and tables.
struct Page {
  static let width = 80
  private static let labelWidth = 10

  private(set) var text = ""

  mutating func field(_ label: String, _ value: String) {
    for (index, line) in value.wrapped(Self.width - Self.labelWidth).enumerated() {
      text += (index == 0 ? label : "").padded(Self.labelWidth) + line + "\n"
    }
  }

  mutating func table(_ title: String, _ table: TextTable) {
    text += "\n\(title)\n"
    rows(table)
  }

  mutating func rows(_ table: TextTable, indent: String = "  ") {
    text += table.lines(width: Self.width, ink: Self.ink, indent: indent).joined(separator: "\n") + "\n"
  }

  mutating func paragraph(_ words: String) {
    text += words.wrapped(Self.width).joined(separator: "\n") + "\n"
  }

  /// Colour where standard output is a terminal that wants it.
  static var ink: Ink {
    var environment: [String: String] = [:]
    for name in ["NO_COLOR", "TERM"] { environment[name] = getenv(name).map { String(cString: $0) } }
    return .forTerminal(descriptor: STDOUT_FILENO, environment: environment)
  }
}
