/// What two neighbours become, and how soon: the smallest priority first, and among equals the leftmost pair.
struct Merge {
  var priority: UInt32
  var token: Int32
}

/// A chain of symbols whose neighbours are joined, best pair first, until no rule applies.
///
/// Both kinds of tokenizer are this algorithm with a rule of their own. The storage is kept from word to word.
struct MergeQueue {
  struct Symbol {
    /// Negative: no token spells it.
    var token: Int32
    /// Where it lies in the word; a length of zero marks a symbol that its left neighbour has swallowed.
    var start: Int
    var length: Int
    fileprivate var previous: Int
    fileprivate var next: Int
  }

  private struct Candidate: Comparable {
    /// The priority above the left symbol's number.
    var order: UInt64
    var right: UInt32
    var token: Int32
    /// Length of both when the pair was seen: another length since then means that one of them has changed.
    var length: Int

    static func < (a: Candidate, b: Candidate) -> Bool { a.order < b.order }
  }

  private var symbols: [Symbol] = []
  private var candidates = PriorityQueue<Candidate>()

  mutating func removeAll() { symbols.removeAll(keepingCapacity: true) }

  /// Adds a symbol on the right; -1 where no token spells it.
  mutating func append(token: Int32, length: Int) {
    let start = symbols.last.map { $0.start + $0.length } ?? 0
    symbols.append(
      Symbol(token: token, start: start, length: length, previous: symbols.count - 1, next: symbols.count + 1))
  }

  mutating func merge(by rule: (Symbol, Symbol) -> Merge?) {
    for right in symbols.indices.dropFirst() { consider(right - 1, right, rule) }
    while let best = candidates.pop() {
      let left = Int(best.order & 0xFFFF_FFFF)
      let right = Int(best.right)
      guard symbols[left].length > 0, symbols[right].length > 0,
        symbols[left].length + symbols[right].length == best.length
      else { continue }
      symbols[left].token = best.token
      symbols[left].length = best.length
      symbols[right].length = 0
      let next = symbols[right].next
      symbols[left].next = next
      if next < symbols.count {
        symbols[next].previous = left
        consider(left, next, rule)
      }
      if symbols[left].previous >= 0 { consider(symbols[left].previous, left, rule) }
    }
  }

  private mutating func consider(_ left: Int, _ right: Int, _ rule: (Symbol, Symbol) -> Merge?) {
    guard let merge = rule(symbols[left], symbols[right]) else { return }
    candidates.push(
      Candidate(
        order: UInt64(merge.priority) << 32 | UInt64(left), right: UInt32(right), token: merge.token,
        length: symbols[left].length + symbols[right].length))
  }

  /// The symbols that are left, in order.
  var remaining: some Sequence<Symbol> { symbols.lazy.filter { $0.length > 0 } }
}
