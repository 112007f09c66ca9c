/// The kernel's way to write sets of processors and nodes: `0-3,8,10-11`.
enum ProcessorList {
  static let most = 1 << 16

  /// The members in ascending order.
  static func parse(_ text: String) throws -> [Int] {
    let malformed = Absence(.malformed, "\"\(printable(text.prefix(40)))\" is not a list of processors")
    var members: Set<Int> = []
    for range in text.trimmed().split(separator: ",") {
      let ends = range.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil,
        first >= 0, first <= last, last < most
      else { throw malformed }
      members.formUnion(first...last)
    }
    guard !members.isEmpty else { throw malformed }
    return members.sorted()
  }
}
