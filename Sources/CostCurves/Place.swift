/// A piece of work whose cost is known or asked for: tokens that are appended to each of some sequences, after those that each
/// of them holds. A decode step appends one.
package struct Place: Codable, Hashable, Sendable {
  package var tokens: Int
  package var context: Int
  package var sequences: Int

  package init(tokens: Int = 1, context: Int = 0, sequences: Int = 1) {
    self.tokens = tokens
    self.context = context
    self.sequences = sequences
  }
}

extension Place: CustomStringConvertible {
  package var description: String {
    "\(tokens) token\(tokens == 1 ? "" : "s") at context \(context)"
      + (sequences == 1 ? "" : " in each of \(sequences) sequences")
  }
}

extension Place: Comparable {
  package static func < (a: Place, b: Place) -> Bool {
    (a.sequences, a.context, a.tokens) < (b.sequences, b.context, b.tokens)
  }
}

/// What a place runs over. The raw value names it in records and messages.
package enum Axis: String, Codable, Sendable, CaseIterable {
  case promptTokens = "prompt_tokens"
  case contextTokens = "context_tokens"
  case sequences

  package func of(_ place: Place) -> Int {
    switch self {
    case .promptTokens: place.tokens
    case .contextTokens: place.context
    case .sequences: place.sequences
    }
  }
}

/// From the least to the most that was measured, axis by axis. Contexts reach to the last token of a run.
package struct Domain: Codable, Hashable, Sendable {
  package var promptTokens: ClosedRange<Int>
  package var contextTokens: ClosedRange<Int>
  package var sequences: ClosedRange<Int>

  package subscript(axis: Axis) -> ClosedRange<Int> {
    switch axis {
    case .promptTokens: promptTokens
    case .contextTokens: contextTokens
    case .sequences: sequences
    }
  }

  /// Nil where there is no place.
  init?(_ places: [(first: Place, last: Place)]) {
    func range(_ axis: Axis) -> ClosedRange<Int>? {
      guard let low = places.map({ axis.of($0.first) }).min(), let high = places.map({ axis.of($0.last) }).max(),
        low <= high
      else { return nil }
      return low...high
    }
    guard let tokens = range(.promptTokens), let context = range(.contextTokens), let sequences = range(.sequences)
    else { return nil }
    (promptTokens, contextTokens, self.sequences) = (tokens, context, sequences)
  }
}
