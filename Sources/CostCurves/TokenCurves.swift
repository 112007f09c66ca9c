import Statistics

/// What is behind the price of a token, in seconds: the curve of a whole prefill over the tokens of its prompt and of the cache
/// in front of them, that of one decoded token over the context before it, that of a step of several sequences, and the time to
/// choose a token, which depends on none. Each phase is charged the time that it takes, never the same time twice, so their
/// costs may be added.
package struct TokenCurves: Codable, Hashable, Sendable {
  package let prefill: Curve
  /// Of one sequence.
  package let decode: Curve
  /// Of one sequence and of several; nil where several were not measured.
  package let batch: Curve?
  /// Of one token; nil where it was not measured, and then it is in no figure.
  package let sampling: Estimate?
  /// What the first steps of a request take longer than steady ones, once; nil where it was not kept apart.
  package let startUp: Estimate?

  package init(
    prefill: Curve, decode: Curve, batch: Curve? = nil, sampling: Estimate? = nil, startUp: Estimate? = nil
  ) {
    self.prefill = prefill
    self.decode = decode
    self.batch = batch
    self.sampling = sampling
    self.startUp = startUp
  }

  /// The average over a prompt of that many tokens.
  package func secondsPerInputToken(prompt: Int) throws(PredictionError) -> Estimate {
    guard prompt > 0 else { throw .noTokens }
    return try prefill.predict(at: Place(tokens: prompt)).scaled(by: 1 / Double(prompt))
  }

  /// What one more token at the end of such a prompt adds.
  package func marginalSecondsPerInputToken(prompt: Int) throws(PredictionError) -> Estimate {
    try prefill.slope(at: Place(tokens: prompt))
  }

  package func secondsPerDecodedToken(context: Int) throws(PredictionError) -> Estimate {
    try decode.predict(at: Place(context: context))
  }

  /// Decoded and chosen.
  package func secondsPerOutputToken(context: Int) throws(PredictionError) -> Estimate {
    let decoded = try secondsPerDecodedToken(context: context)
    return sampling.map(decoded.plus) ?? decoded
  }

  /// The prefill of a task; none for an empty prompt.
  package func prefillSeconds(input: Int) throws(PredictionError) -> Estimate {
    guard input >= 0 else { throw .noTokens }
    return input == 0 ? .exact(0) : try prefill.predict(at: Place(tokens: input))
  }

  /// The output of a task: a choice for each token, and a step for each but the first, which comes of the prompt's logits;
  /// each step at the context that the tokens before it have grown, and the first ones slow.
  package func outputSeconds(input: Int, output: Int) throws(PredictionError) -> Estimate {
    guard output >= 0 else { throw .noTokens }
    var decoded = try decode.sum(from: input, count: max(0, output - 1))
    if output > 1, let startUp { decoded = decoded.plus(startUp) }
    return sampling.map { decoded.plus($0.scaled(by: Double(output))) } ?? decoded
  }
}
