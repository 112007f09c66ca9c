import CostCurves
import Pricing
import Records
import Statistics

/// The prices of one model in one setup, or of times that were given: what `price --json` prints.
package struct SetupPrices: Sendable {
  package var model: ModelIdentity?
  package var configuration: RunConfiguration?
  package var sheet: PriceSheet
  /// How far a prompt and a context reach that were measured; nil for times that were given.
  package var longestPromptTokens: Int?
  package var longestContextTokens: Int?
  /// What phases draw, and how that is known.
  package var joulesPerInputToken: Estimate?
  package var joulesPerOutputToken: Estimate?
  package var energyLabel: String?
  /// Year and month of the measurement: `2026-11`.
  package var month: String?

  /// Wraps prices of times that were given, which belong to no model.
  package init(_ sheet: PriceSheet) { self.sheet = sheet }

  /// Nil where a phase has no curve. Lengths that are asked for must lie where it was measured, or the error says where that
  /// is; a length that is not asked for is the reference length, moved to where it was measured.
  package init?(
    _ subject: SubjectSummary, prompt: Int?, context: Int?, cached: Int? = nil, mixes: [Mix], tasks: [TaskLengths]
  ) throws(PredictionError) {
    guard let curves = subject.price.curves, let reference = subject.price.sheet,
      let prompt = prompt ?? reference.promptTokens, let context = context ?? reference.contextTokens
    else { return nil }
    model = subject.model
    configuration = subject.configuration
    longestPromptTokens = curves.prefill.domain.promptTokens.upperBound
    longestContextTokens = curves.decode.domain.contextTokens.upperBound
    let (prefill, decode) = (
      MeasuredPoint.reference(among: subject.prefill)?.energy, MeasuredPoint.reference(among: subject.decode)?.energy
    )
    joulesPerInputToken = prefill?.joulesPerToken
    joulesPerOutputToken = decode?.joulesPerToken
    energyLabel = decode?.label
    sheet = try PriceSheet(
      curves, subject.price.tariff, promptTokens: prompt, contextTokens: context, cachedTokens: cached, mixes: mixes,
      tasks: tasks)
  }
}

extension SetupPrices: Encodable {
  private enum CodingKeys: CodingKey { case model, configuration }

  package func encode(to encoder: any Encoder) throws {
    try sheet.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(model, forKey: .model)
    try container.encodeIfPresent(configuration, forKey: .configuration)
  }
}

/// Prices as `price --json` prints them.
package struct PriceList: Encodable, Sendable {
  package var schema = "inferometer.prices"
  package var schemaVersion = 1
  package var prices: [SetupPrices]

  package init(_ prices: [SetupPrices]) { self.prices = prices }
}
