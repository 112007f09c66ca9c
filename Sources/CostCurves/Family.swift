import Glibc

/// A part of a cost, and what it grows with. The raw value names it in records.
package enum Term: String, Codable, Sendable {
  /// Once a pass: weights are streamed, threads meet.
  case pass
  /// Once a row: products, norms, activations.
  case row
  /// Once for each token that a row attends to.
  case pair
  /// As `pair`, and growing with it: what lies beyond the nearest caches costs more.
  case squaredPair = "squared_pair"
  /// Once for each token that a pass finds in the cache.
  case recall
  /// A pass and its rows where reading weights and computing overlap: the smooth maximum of both.
  case overlap
}

/// A shape that a cost may have: the terms that it is a sum of.
package struct Family: Codable, Hashable, Sendable {
  package let terms: [Term]
  /// With `overlap`, what computing a row takes as a share of what streaming the weights takes.
  package let rowShare: Double?

  package init(_ terms: [Term], rowShare: Double? = nil) {
    self.terms = terms
    self.rowShare = rowShare
  }

  /// What each coefficient multiplies.
  package func factors(of demand: Demand) -> [Double] {
    terms.map { term in
      switch term {
      case .pass: demand.passes
      case .row: demand.rows
      case .pair: demand.pairs
      case .squaredPair: demand.squaredPairs
      case .recall: demand.recalled
      case .overlap: overlap(demand)
      }
    }
  }

  /// The third power is between the sum, where nothing overlaps, and the maximum, where all does; it served best on 213 servers
  /// that ran llama.cpp.
  private func overlap(_ demand: Demand) -> Double {
    guard demand.passes > 0 else { return 0 }
    let computed = (rowShare ?? 0) * demand.rows / demand.passes
    return demand.passes * cbrt(1 + computed * computed * computed)
  }
}

extension Family {
  /// What a prefill may cost, the fullest that points of so many lengths can bear first.
  package static let prefill: [[Family]] = [
    [Family([.pass, .row, .pair])], [Family([.pass, .row])], [Family([.row])],
  ]
  /// A prefill in front of which the cache was filled.
  package static let prefillAtDepth: [Family] = [Family([.pass, .row, .pair]), Family([.pass, .row, .pair, .recall])]
  /// What a step of one sequence may cost.
  package static let decode: [Family] = [
    Family([.pass]), Family([.pass, .pair]), Family([.pass, .pair, .squaredPair]),
  ]
  /// What a step of several sequences may cost.
  package static let batch: [Family] =
    [Family([.pass, .row]), Family([.pass, .row, .pair])]
    + rowShares.flatMap { share in
      [Family([.overlap, .pair], rowShare: share), Family([.pass, .overlap, .pair], rowShare: share)]
    }

  /// From where sequences come almost for nothing to where each costs a pass, in steps of half again.
  private static let rowShares = sequence(first: 0.02) { $0 < 1 ? $0 * 1.5 : nil }.map(\.self)

  /// `pass + row + pair`, for messages.
  package var name: String { terms.map(\.rawValue).joined(separator: " + ").replacing("_", with: " ") }
}
