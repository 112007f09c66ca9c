/// What is wrong with a GGUF file, as one line: `path: field: reason`.
package struct GGUFError: Error, Sendable, Equatable, CustomStringConvertible {
  package let path: String
  package let field: String
  package let reason: String

  package init(path: String, field: String, reason: String) {
    self.path = path
    self.field = field
    self.reason = reason
  }

  package var description: String { [path, field, reason].map { oneLine($0, limit: 1000) }.joined(separator: ": ") }
}

/// Text from a file made fit for an error line: control characters escaped, a long text cut.
func oneLine(_ text: String, limit: Int = 80) -> String {
  if text.utf8.count <= limit, text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
  var line = ""
  var length = 0
  for scalar in text.unicodeScalars {
    guard length < limit else { return line + "…" }
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .format: line += scalar.escaped(asASCII: true)
    default: line.unicodeScalars.append(scalar)
    }
    length += 1
  }
  return line
}
