import CostCurves
import Pricing
import Records
import Statistics

/// What the curves say a token costs.
extension SummaryBuilder {
  static func price(
    _ tariff: Tariff, prefill: FittedCurve?, decode: FittedCurve?, batch: FittedCurve? = nil,
    sampling: Estimate?, startUp: Estimate? = nil
  ) -> PriceSummary {
    var summary = PriceSummary(tariff: tariff)
    guard let prefill = prefill?.curve, let decode = decode?.curve else {
      summary.absentReason = "no curve of both phases: the price of each measured point stands with the point"
      return summary
    }
    let curves = TokenCurves(
      prefill: prefill, decode: decode, batch: batch?.curve, sampling: sampling, startUp: startUp)
    summary.curves = curves
    do {
      summary.sheet = try PriceSheet(
        curves, tariff, promptTokens: referenceTokens.held(in: prefill.domain[.promptTokens]),
        contextTokens: referenceTokens.held(in: decode.domain[.contextTokens]))
    } catch {
      summary.absentReason = "\(error)"
    }
    return summary
  }
}

extension SummaryBuilder {
  /// The mean of what the first steps of a request of one sequence took longer than steady ones, over all runs.
  static func startUp(_ observations: [Observation]) -> Estimate? {
    let requests = observations.filter { observation in
      guard case .phase(let shape, _) = observation.work else { return false }
      return shape.phase == .decode && shape.sequences == 1 && observation.measured.transientSeconds != nil
    }
    guard !requests.isEmpty else { return nil }
    return Units(requests).mean { ($0.transientSeconds ?? 0, 1) }
  }
}

extension Int {
  /// The whole number in the range that is nearest to this one.
  fileprivate func held(in range: ClosedRange<Int>) -> Int {
    Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}
