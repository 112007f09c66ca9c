import Statistics

/// What is behind the price of a token, in seconds: the curve of a whole prefill over the tokens of its prompt, that of one
/// decoded token over the context before it, and the time to choose a token, which depends on neither. Each phase is
/// charged the time that it takes, never the same time twice, so their costs may be added.
package struct TokenCurves: Codable, Hashable, Sendable {
  package let prefill: Curve
  package let decode: Curve
  /// Of one token; nil where it was not measured, and then it is in no figure.
  package let sampling: Estimate?

  package init(prefill: Curve, decode: Curve, sampling: Estimate? = nil) {
    self.prefill = prefill
    self.decode = decode
    self.sampling = sampling
  }

  /// A prefill is a fixed part, a part per token and a part per pair of tokens, none of them negative.
  package static func fit(prefill: [Point], decode: [Point], bootstrap: Bootstrap = Bootstrap()) throws(FitError)
    -> Self
  {
    TokenCurves(
      prefill: try .fit(prefill, over: .promptTokens, families: [.quadratic], bootstrap: bootstrap),
      decode: try .fit(decode, over: .contextTokens, bootstrap: bootstrap))
  }

  /// The average over a prompt of that many tokens.
  package func secondsPerInputToken(prompt: Int, margin: Double = 0) throws(PredictionError) -> Estimate {
    guard prompt > 0 else { throw .noTokens }
    return try prefill.predict(at: Double(prompt), margin: margin).scaled(by: 1 / Double(prompt))
  }

  /// What one more token at the end of such a prompt adds.
  package func marginalSecondsPerInputToken(prompt: Int, margin: Double = 0) throws(PredictionError) -> Estimate {
    try prefill.slope(at: Double(prompt), margin: margin)
  }

  package func secondsPerDecodedToken(context: Int, margin: Double = 0) throws(PredictionError) -> Estimate {
    try decode.predict(at: Double(context), margin: margin)
  }

  /// Decoded and chosen.
  package func secondsPerOutputToken(context: Int, margin: Double = 0) throws(PredictionError) -> Estimate {
    let decoded = try secondsPerDecodedToken(context: context, margin: margin)
    return sampling.map(decoded.plus) ?? decoded
  }

  /// The prefill of a task; none for an empty prompt.
  package func prefillSeconds(input: Int, margin: Double = 0) throws(PredictionError) -> Estimate {
    guard input >= 0 else { throw .noTokens }
    return input == 0 ? .exact(0) : try prefill.predict(at: Double(input), margin: margin)
  }

  /// The output of a task: one step per token, each at the context that the tokens before it have grown, and its choice.
  package func outputSeconds(input: Int, output: Int, margin: Double = 0) throws(PredictionError) -> Estimate {
    let decoded = try decode.sum(from: input, count: output, margin: margin)
    return sampling.map { decoded.plus($0.scaled(by: Double(output))) } ?? decoded
  }
}
