import CostCurves
import Pricing
import Records
import Statistics

/// What the curves say a token costs.
extension Analysis {
  typealias Fitted = (points: [MeasuredPoint], curve: FittedCurve?)

  static func price(
    _ tariff: Tariff, prefill: Fitted, decode: Fitted, sampling: Estimate?
  ) -> PriceSummary {
    var summary = PriceSummary(tariff: tariff, label: Wording.label(of: tariff))
    guard let prefill = prefill.curve?.curve, let decode = decode.curve?.curve else {
      summary.absentReason = "no curve of both phases: the price of each measured point stands with the point"
      return summary
    }
    let prompt = referenceTokens.held(in: prefill.domain)
    let context = referenceTokens.held(in: decode.domain)
    do {
      let curves = TokenCurves(prefill: prefill, decode: decode, sampling: sampling)
      let prices = try TokenPrices(curves, tariff, promptTokens: prompt, contextTokens: context)
      summary.promptTokens = prompt
      summary.contextTokens = context
      summary.dollarsPerMillionInputTokens = prices.dollarsPerMillionInputTokens
      summary.dollarsPerMillionOutputTokens = prices.dollarsPerMillionOutputTokens
      summary.dollarsPerMillionDecodedTokens = prices.dollarsPerMillionDecodedTokens
      summary.dollarsPerMillionSampledTokens = prices.dollarsPerMillionSampledTokens
      summary.outputToInputRatio = prices.outputToInputRatio
    } catch {
      summary.absentReason = "\(error)"
    }
    return summary
  }
}

extension Int {
  /// The whole number in the range that is nearest to this one.
  fileprivate func held(in range: ClosedRange<Double>) -> Int {
    if Double(self) < range.lowerBound { return Int(range.lowerBound.rounded(.up)) }
    return Double(self) > range.upperBound ? Int(range.upperBound.rounded(.down)) : self
  }
}
