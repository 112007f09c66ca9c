import CostCurves
import Statistics

/// What one task costs: a prompt, and an answer whose every token is decoded at the context grown so far.
package struct TaskPrice: Codable, Hashable, Sendable {
  package let tariff: Tariff
  package let inputTokens: Int
  package let outputTokens: Int
  package let prefillSeconds: Estimate
  package let decodeSeconds: Estimate

  package init(
    _ curves: TokenCurves, _ tariff: Tariff, inputTokens: Int, outputTokens: Int, margin: Double = 0
  ) throws(PredictionError) {
    self.tariff = tariff
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
    prefillSeconds = try curves.prefillSeconds(input: inputTokens, margin: margin)
    decodeSeconds = try curves.decodeSeconds(input: inputTokens, output: outputTokens, margin: margin)
  }

  package var inputDollars: Estimate { tariff.dollars(for: prefillSeconds) }
  package var outputDollars: Estimate { tariff.dollars(for: decodeSeconds) }
  package var dollars: Estimate { tariff.dollars(for: prefillSeconds.plus(decodeSeconds)) }

  private enum CodingKeys: String, CodingKey {
    case tariff
    case inputTokens = "input_tokens"
    case outputTokens = "output_tokens"
    case prefillSeconds = "prefill_seconds"
    case decodeSeconds = "decode_seconds"
  }
}
