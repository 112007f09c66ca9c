/// Why a scenario cannot be read or priced: where in it, what is wrong, and what would help.
package struct ScenarioError: Error, Hashable, CustomStringConvertible {
  package var path: String
  package var line: Int?
  package var reason: String

  package init(_ path: String, line: Int? = nil, _ reason: String) {
    self.path = path
    self.line = line
    self.reason = reason
  }

  package var description: String {
    let place = line.map { path.isEmpty ? "line \($0)" : "\(path) (line \($0))" } ?? path
    return place.isEmpty ? reason : "\(place): \(reason)"
  }
}
