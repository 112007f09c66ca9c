import Statistics

/// What the phases of a request take where its prompt is partly cached and where it shares steps with others.
extension TokenCurves {
  /// A prefill of new tokens after others that are in the cache already. That nothing was measured behind a filled cache is an
  /// error, never bridged by the difference of two prompts.
  package func prefillSeconds(new tokens: Int, cached depth: Int) throws(PredictionError) -> Estimate {
    guard tokens >= 0, depth >= 0 else { throw .noTokens }
    return tokens == 0 ? .exact(0) : try prefill.predict(at: Place(tokens: tokens, context: depth))
  }

  /// What a token in the cache costs the new tokens that are read behind it: the share of one of them in what they take more.
  package func secondsPerCachedToken(new tokens: Int, cached depth: Int) throws(PredictionError) -> Estimate {
    guard tokens > 0, depth > 0 else { throw .noTokens }
    return try prefill.behind(at: Place(tokens: tokens, context: depth)).scaled(by: 1 / Double(depth))
  }

  /// A whole step, which appends a token to each sequence.
  package func stepSeconds(context: Int, sequences: Int) throws(PredictionError) -> Estimate {
    try decodeSeconds(from: context, count: 1, sequences: sequences)
  }

  /// Steps of that many sequences at the contexts first, first + 1, … (count of them).
  package func decodeSeconds(from first: Int, count: Int, sequences: Int) throws(PredictionError) -> Estimate {
    guard sequences > 0 else { throw .noTokens }
    return try (sequences == 1 ? decode : batch ?? decode).sum(from: first, count: count, sequences: sequences)
  }
}
