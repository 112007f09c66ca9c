import Statistics

/// The two curves behind the price of a token, in seconds: of a whole prefill over the tokens of its prompt, and of one
/// decoded token over the context before it. Prefill and decode are charged the time that each takes, never the same
/// time twice, so their costs may be added.
package struct TokenCurves: Codable, Hashable, Sendable {
  package let prefill: Curve
  package let decode: Curve

  package init(prefill: Curve, decode: Curve) {
    self.prefill = prefill
    self.decode = decode
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

  package func secondsPerOutputToken(context: Int, margin: Double = 0) throws(PredictionError) -> Estimate {
    try decode.predict(at: Double(context), margin: margin)
  }

  /// The prefill of a task; none for an empty prompt.
  package func prefillSeconds(input: Int, margin: Double = 0) throws(PredictionError) -> Estimate {
    guard input >= 0 else { throw .noTokens }
    return input == 0 ? .exact(0) : try prefill.predict(at: Double(input), margin: margin)
  }

  /// The decoding of a task: one step per output token, each at the context that the tokens before it have grown.
  package func decodeSeconds(input: Int, output: Int, margin: Double = 0) throws(PredictionError) -> Estimate {
    try decode.sum(from: input, count: output, margin: margin)
  }
}
