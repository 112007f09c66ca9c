/// A file that cannot be read, written or believed, said in one line: `file:line: reason`.
package struct RecordError: Error, CustomStringConvertible, Hashable {
  package var file: String
  package var line: Int?
  package var reason: String

  package init(file: String, line: Int? = nil, reason: String) {
    self.file = file
    self.line = line
    self.reason = reason
  }

  package var description: String {
    let place = line.map { "\(file):\($0)" } ?? file
    return "\(place.printable): \(reason.printable)"
  }
}
