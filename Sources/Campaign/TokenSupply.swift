import Statistics

/// Which token stands at a position of a sequence. Cost does not depend on it, but runs must be repeatable.
package enum TokenSupply: Sendable {
  /// Random tokens of a vocabulary, the same for the same seed.
  case seeded(UInt64, vocabulary: Int)
  /// The same given tokens for every sequence.
  case given([Int32])

  package func tokens(sequence: Int, positions: Range<Int>) throws(CampaignError) -> [Int32] {
    switch self {
    case .seeded(let seed, let vocabulary):
      return positions.map { position in
        var random = SplitMix64(seed: seed &+ UInt64(sequence) << 40 &+ UInt64(position))
        return Int32(random.index(below: vocabulary))
      }
    case .given(let tokens):
      guard positions.upperBound <= tokens.count else {
        throw CampaignError(
          .request, "the given text has \(tokens.count) tokens; the run needs \(positions.upperBound)")
      }
      return Array(tokens[positions])
    }
  }
}
