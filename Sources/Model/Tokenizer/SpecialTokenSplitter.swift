/// Cuts special tokens out of text before anything else is done with it.
///
/// The longest tokens are looked for first in the whole text, and of equally long ones the lower number; what is left
/// between them is text.
struct SpecialTokenSplitter: Sendable {
  enum Fragment {
    case text(Range<Int>)
    case token(Int32)
  }

  /// A node of the tree of spellings, its siblings in a list.
  private struct Node {
    var byte: UInt8
    var token: Int32 = -1
    var firstChild = -1
    var nextSibling = -1
  }

  private struct Match: Comparable {
    var token: Int32
    var start: Int
    var length: Int

    static func < (a: Match, b: Match) -> Bool {
      if a.length != b.length { return a.length > b.length }
      return (a.token, a.start) < (b.token, b.start)
    }
  }

  private let attributes: [TokenAttributes]
  private var nodes: [Node] = []
  /// The node of each first byte, -1 where there is none.
  private var roots = [Int](repeating: -1, count: 256)

  init(_ vocabulary: Vocabulary) {
    attributes = vocabulary.attributes
    for id in 0..<Int32(vocabulary.count) where !attributes[Int(id)].isDisjoint(with: .special) {
      insert(vocabulary.text(id), id)
    }
  }

  private mutating func insert(_ text: [UInt8], _ id: Int32) {
    guard let first = text.first else { return }
    if roots[Int(first)] < 0 { roots[Int(first)] = add(Node(byte: first)) }
    var node = roots[Int(first)]
    for byte in text.dropFirst() {
      var child = child(of: node, byte)
      if child < 0 {
        child = add(Node(byte: byte, nextSibling: nodes[node].firstChild))
        nodes[node].firstChild = child
      }
      node = child
    }
    if nodes[node].token < 0 { nodes[node].token = id }
  }

  private mutating func add(_ node: Node) -> Int {
    nodes.append(node)
    return nodes.count - 1
  }

  private func child(of node: Int, _ byte: UInt8) -> Int {
    var child = nodes[node].firstChild
    while child >= 0, nodes[child].byte != byte { child = nodes[child].nextSibling }
    return child
  }

  /// `all`: also the tokens that only a caller who trusts the text may want (control and unknown).
  func split(_ text: [UInt8], all: Bool) -> [Fragment] {
    var matches = PriorityQueue<Match>()
    for start in text.indices {
      if let match = longest(in: text, from: start, atMost: text.count - start, all: all) { matches.push(match) }
    }
    var accepted: [(match: Match, end: Int)] = []
    var taken: [Bool] = []
    while let match = matches.pop() {
      if taken.isEmpty { taken = [Bool](repeating: false, count: text.count) }
      let room = taken[match.start..<(match.start + match.length)].firstIndex(of: true)
      guard room == nil else {
        let shorter = longest(in: text, from: match.start, atMost: (room ?? 0) - match.start, all: all)
        if let shorter { matches.push(shorter) }
        continue
      }
      var end = match.start + match.length
      if attributes[Int(match.token)].contains(.stripsRight) {
        while end < text.count, !taken[end], isSpace(text[end]) { end += 1 }
      }
      for i in match.start..<end { taken[i] = true }
      accepted.append((match, end))
    }
    return fragments(of: text, between: accepted.sorted { $0.match.start < $1.match.start })
  }

  private func fragments(of text: [UInt8], between accepted: [(match: Match, end: Int)]) -> [Fragment] {
    var fragments: [Fragment] = []
    var start = 0
    for (match, end) in accepted {
      if start < match.start { fragments.append(.text(start..<match.start)) }
      fragments.append(.token(match.token))
      start = end
    }
    if start < text.count { fragments.append(.text(start..<text.count)) }
    return fragments
  }

  private func longest(in text: [UInt8], from start: Int, atMost limit: Int, all: Bool) -> Match? {
    guard limit > 0 else { return nil }
    var found: Match?
    var node = roots[Int(text[start])]
    var length = 1
    while node >= 0 {
      let token = nodes[node].token
      if token >= 0, all || attributes[Int(token)].isDisjoint(with: .hidden) {
        found = Match(token: token, start: start, length: length)
      }
      guard length < limit else { break }
      node = child(of: node, text[start + length])
      length += 1
    }
    return found
  }

  /// As C's isspace has it.
  private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0D ~= byte }
}
