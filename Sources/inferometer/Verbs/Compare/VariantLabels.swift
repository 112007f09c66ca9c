/// Short names of what is compared: what is left of each without the parts that all begin or end with.
enum VariantLabels {
  /// Paths, by their components.
  static func ofPaths(_ paths: [String]) -> [String] {
    distinct(paths.map { $0.split(separator: "/").map(String.init) }, separator: "/")
  }

  /// Command lines, by their words.
  static func ofWords(_ lines: [[String]]) -> [String] { distinct(lines, separator: " ") }

  private static func distinct(_ lists: [[String]], separator: String) -> [String] {
    var rest = lists
    while let first = rest[0].first, rest.allSatisfy({ $0.first == first }) {
      rest = rest.map { Array($0.dropFirst()) }
    }
    while let last = rest[0].last, rest.allSatisfy({ $0.last == last }) { rest = rest.map { Array($0.dropLast()) } }
    var taken: [String: Int] = [:]
    return rest.map { parts in
      let label = parts.isEmpty ? "base" : parts.joined(separator: separator)
      taken[label, default: 0] += 1
      return taken[label] == 1 ? label : "\(label) (\(taken[label] ?? 0))"
    }
  }
}
