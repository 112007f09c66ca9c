import CostCurves
import Statistics

/// What one task costs: a prompt, and an answer whose every token is decoded at the context grown so far.
package struct TaskPrice: Codable, Hashable, Sendable {
  package let tariff: Tariff
  package let inputTokens: Int
  package let outputTokens: Int
  package let prefillSeconds: Estimate
  package let outputSeconds: Estimate

  package init(
    _ curves: TokenCurves, _ tariff: Tariff, inputTokens: Int, outputTokens: Int, margin: Double = 0
  ) throws(PredictionError) {
    self.tariff = tariff
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
    prefillSeconds = try curves.prefillSeconds(input: inputTokens, margin: margin)
    outputSeconds = try curves.outputSeconds(input: inputTokens, output: outputTokens, margin: margin)
  }

  package var inputDollars: Estimate { tariff.dollars(for: prefillSeconds) }
  package var outputDollars: Estimate { tariff.dollars(for: outputSeconds) }
  package var dollars: Estimate { tariff.dollars(for: prefillSeconds.plus(outputSeconds)) }

  private enum CodingKeys: String, CodingKey {
    case tariff
    case inputTokens = "input_tokens"
    case outputTokens = "output_tokens"
    case prefillSeconds = "prefill_seconds"
    case outputSeconds = "output_seconds"
  }
}
