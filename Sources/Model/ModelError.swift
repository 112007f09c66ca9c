/// What a model cannot do or be, as one line.
package struct ModelError: Error, Sendable, Equatable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = oneLine(description, limit: 1000) }
}
