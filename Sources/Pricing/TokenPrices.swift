import CostCurves
import Statistics

/// What tokens cost at one length of prompt and one context. Input is charged the time of prefill and output the time of
/// decode and of sampling, so the two may be blended and added.
package struct TokenPrices: Codable, Hashable, Sendable {
  package let tariff: Tariff
  package let promptTokens: Int
  package let contextTokens: Int
  /// The average over the prompt.
  package let secondsPerInputToken: Estimate
  /// One more token at the end of the prompt.
  package let marginalSecondsPerInputToken: Estimate
  /// One token decoded after that context and, where that was measured, chosen.
  package let secondsPerOutputToken: Estimate
  package let secondsPerDecodedToken: Estimate
  package let secondsPerSampledToken: Estimate?

  package init(
    _ curves: TokenCurves, _ tariff: Tariff, promptTokens: Int, contextTokens: Int, margin: Double = 0
  ) throws(PredictionError) {
    self.tariff = tariff
    self.promptTokens = promptTokens
    self.contextTokens = contextTokens
    secondsPerInputToken = try curves.secondsPerInputToken(prompt: promptTokens, margin: margin)
    marginalSecondsPerInputToken = try curves.marginalSecondsPerInputToken(prompt: promptTokens, margin: margin)
    secondsPerOutputToken = try curves.secondsPerOutputToken(context: contextTokens, margin: margin)
    secondsPerDecodedToken = try curves.secondsPerDecodedToken(context: contextTokens, margin: margin)
    secondsPerSampledToken = curves.sampling
  }

  package var dollarsPerMillionInputTokens: Estimate {
    tariff.dollarsPerMillionTokens(secondsPerToken: secondsPerInputToken)
  }

  package var marginalDollarsPerMillionInputTokens: Estimate {
    tariff.dollarsPerMillionTokens(secondsPerToken: marginalSecondsPerInputToken)
  }

  package var dollarsPerMillionOutputTokens: Estimate {
    tariff.dollarsPerMillionTokens(secondsPerToken: secondsPerOutputToken)
  }

  package var dollarsPerMillionDecodedTokens: Estimate {
    tariff.dollarsPerMillionTokens(secondsPerToken: secondsPerDecodedToken)
  }

  package var dollarsPerMillionSampledTokens: Estimate? {
    secondsPerSampledToken.map { tariff.dollarsPerMillionTokens(secondsPerToken: $0) }
  }

  /// How many input tokens an output token is worth. The host's price cancels, so the ratio is that of the times. Its
  /// interval takes the two curves for independent; what slows both alike makes the true interval narrower.
  package var outputToInputRatio: Estimate? { secondsPerOutputToken.ratio(to: secondsPerInputToken) }

  /// The price of a million tokens of a mix. The times are blended before they are priced, because the price of the host
  /// is common to both.
  package func dollarsPerMillionTokens(of mix: Mix) -> Estimate {
    let blended = secondsPerInputToken.scaled(by: mix.inputShare)
      .plus(secondsPerOutputToken.scaled(by: mix.outputShare))
    return tariff.dollarsPerMillionTokens(secondsPerToken: blended)
  }

  private enum CodingKeys: String, CodingKey {
    case tariff
    case promptTokens = "prompt_tokens"
    case contextTokens = "context_tokens"
    case secondsPerInputToken = "seconds_per_input_token"
    case marginalSecondsPerInputToken = "marginal_seconds_per_input_token"
    case secondsPerOutputToken = "seconds_per_output_token"
    case secondsPerDecodedToken = "seconds_per_decoded_token"
    case secondsPerSampledToken = "seconds_per_sampled_token"
  }
}
