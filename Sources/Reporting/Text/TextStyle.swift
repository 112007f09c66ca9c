import Glibc

/// Emphasis for a terminal, and nothing at all anywhere else.
package struct TextStyle: Sendable {
  package var isColoured: Bool

  package init(isColoured: Bool) { self.isColoured = isColoured }

  package static let plain = TextStyle(isColoured: false)

  /// Colours only where a person looks, and not where they asked for none (https://no-color.org).
  package static func forTerminal(descriptor: Int32, environment: [String: String]) -> TextStyle {
    let refused = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    return TextStyle(isColoured: isatty(descriptor) == 1 && !refused && environment["TERM"] != "dumb")
  }

  func bold(_ text: String) -> String { wrap(text, "1") }
  func faint(_ text: String) -> String { wrap(text, "2") }
  func warning(_ text: String) -> String { wrap(text, "33") }

  private func wrap(_ text: String, _ code: String) -> String {
    isColoured && !text.isEmpty ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
  }
}
