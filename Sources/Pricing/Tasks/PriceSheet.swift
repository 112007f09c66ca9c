import CostCurves
import Statistics

/// What tokens cost under a tariff: a million of each kind, blends of them, and whole tasks. Input is charged the time of
/// prefill and output the time of decode and of sampling, so the two may be blended and added.
package struct PriceSheet: Sendable {
  package let tariff: Tariff
  /// The length of the prompt and the context at which tokens are priced; nil for times that were given.
  package let promptTokens: Int?
  package let contextTokens: Int?
  /// The average over the prompt.
  package let secondsPerInputToken: Estimate
  /// One more token at the end of the prompt; nil where no curve tells.
  package let marginalSecondsPerInputToken: Estimate?
  /// One token decoded after that context and, where that was measured, chosen.
  package let secondsPerOutputToken: Estimate
  package let secondsPerDecodedToken: Estimate?
  package let secondsPerSampledToken: Estimate?
  /// What each of `cachedTokens` adds to the time of a prompt that is read behind them; nil where none was measured so.
  package let secondsPerCachedToken: Estimate?
  package let cachedTokens: Int?
  package let blends: [Blend]
  package let tasks: [TaskPrice]

  package struct Blend: Codable, Hashable, Sendable {
    package var name: String
    package var inputShare: Double
    package var dollarsPerMillionTokens: Estimate
  }

  /// Prices tokens by measured curves, at one length of prompt and one context.
  package init(
    _ curves: TokenCurves, _ tariff: Tariff, promptTokens: Int, contextTokens: Int, cachedTokens: Int? = nil,
    mixes: [Mix] = [], tasks: [TaskLengths] = []
  ) throws(PredictionError) {
    var prices: [TaskPrice] = []
    for task in tasks { prices.append(try TaskPrice(curves, tariff, task)) }
    // Unasked, as many cached tokens as there are new ones, where that was measured.
    let deepest = curves.prefill.domain.contextTokens.upperBound
    let cached = cachedTokens ?? (deepest > 0 ? min(promptTokens, deepest) : 0)
    let behind = cached > 0 ? try curves.secondsPerCachedToken(new: promptTokens, cached: cached) : nil
    self.init(
      tariff, promptTokens: promptTokens, contextTokens: contextTokens,
      input: try curves.secondsPerInputToken(prompt: promptTokens),
      marginal: try curves.marginalSecondsPerInputToken(prompt: promptTokens),
      output: try curves.secondsPerOutputToken(context: contextTokens),
      decoded: try curves.secondsPerDecodedToken(context: contextTokens), sampled: curves.sampling,
      cached: behind.map { (cached, $0) }, mixes, prices)
  }

  /// Prices tokens at given times, in seconds for an input and for an output token.
  package init(input: Estimate, output: Estimate, _ tariff: Tariff, mixes: [Mix] = [], tasks: [TaskLengths] = []) {
    self.init(
      tariff, promptTokens: nil, contextTokens: nil, input: input, marginal: nil, output: output, decoded: nil,
      sampled: nil, cached: nil, mixes, tasks.map { TaskPrice(input: input, output: output, tariff, $0) })
  }

  private init(
    _ tariff: Tariff, promptTokens: Int?, contextTokens: Int?, input: Estimate, marginal: Estimate?, output: Estimate,
    decoded: Estimate?, sampled: Estimate?, cached: (tokens: Int, seconds: Estimate)?, _ mixes: [Mix],
    _ tasks: [TaskPrice]
  ) {
    self.tariff = tariff
    self.promptTokens = promptTokens
    self.contextTokens = contextTokens
    secondsPerInputToken = input
    marginalSecondsPerInputToken = marginal
    secondsPerOutputToken = output
    secondsPerDecodedToken = decoded
    secondsPerSampledToken = sampled
    cachedTokens = cached?.tokens
    secondsPerCachedToken = cached?.seconds
    // The times are blended before they are priced, because the price of the host is common to both.
    blends = mixes.map { mix in
      let seconds = input.scaled(by: mix.inputShare).plus(output.scaled(by: mix.outputShare))
      return Blend(
        name: mix.name, inputShare: mix.inputShare,
        dollarsPerMillionTokens: tariff.dollarsPerMillionTokens(secondsPerToken: seconds))
    }
    self.tasks = tasks
  }

  package var dollarsPerMillionInputTokens: Estimate { dollars(secondsPerInputToken) }
  package var marginalDollarsPerMillionInputTokens: Estimate? { marginalSecondsPerInputToken.map(dollars) }
  package var dollarsPerMillionOutputTokens: Estimate { dollars(secondsPerOutputToken) }
  package var dollarsPerMillionCachedTokens: Estimate? { secondsPerCachedToken.map(dollars) }
  package var dollarsPerMillionDecodedTokens: Estimate? { secondsPerDecodedToken.map(dollars) }
  package var dollarsPerMillionSampledTokens: Estimate? { secondsPerSampledToken.map(dollars) }

  /// How many input tokens an output token is worth. The host's price cancels, so the ratio is that of the times. Its
  /// interval takes the two curves for independent; what slows both alike makes the true interval narrower.
  package var outputToInputRatio: Estimate? { secondsPerOutputToken.ratio(to: secondsPerInputToken) }

  private func dollars(_ secondsPerToken: Estimate) -> Estimate {
    tariff.dollarsPerMillionTokens(secondsPerToken: secondsPerToken)
  }
}

extension PriceSheet: Encodable {
  private enum CodingKeys: CodingKey {
    case tariff, promptTokens, contextTokens, secondsPerInputToken, secondsPerOutputToken, dollarsPerMillionInputTokens
    case marginalDollarsPerMillionInputTokens, dollarsPerMillionOutputTokens, outputToInputRatio, blends, tasks
    case cachedTokens, dollarsPerMillionCachedTokens
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(tariff, forKey: .tariff)
    try container.encodeIfPresent(promptTokens, forKey: .promptTokens)
    try container.encodeIfPresent(contextTokens, forKey: .contextTokens)
    try container.encode(secondsPerInputToken, forKey: .secondsPerInputToken)
    try container.encode(secondsPerOutputToken, forKey: .secondsPerOutputToken)
    try container.encode(dollarsPerMillionInputTokens, forKey: .dollarsPerMillionInputTokens)
    try container.encodeIfPresent(
      marginalDollarsPerMillionInputTokens, forKey: .marginalDollarsPerMillionInputTokens)
    try container.encode(dollarsPerMillionOutputTokens, forKey: .dollarsPerMillionOutputTokens)
    try container.encodeIfPresent(outputToInputRatio, forKey: .outputToInputRatio)
    try container.encodeIfPresent(cachedTokens, forKey: .cachedTokens)
    try container.encodeIfPresent(dollarsPerMillionCachedTokens, forKey: .dollarsPerMillionCachedTokens)
    try container.encode(blends, forKey: .blends)
    if !tasks.isEmpty { try container.encode(tasks, forKey: .tasks) }
  }
}
