import CostCurves
import Statistics

/// A curve with its coefficients as figures, for reports.
package struct FittedCurve: Encodable, Sendable {
  package var curve: Curve
  package var terms: [FittedTerm]
  /// What its runs were grouped by: `process`, `window` or `repetition`.
  package var unit: String
  /// Places that were measured but not fitted: their products run on another kernel, by another law.
  package var leftOut: [Place]
  /// What the curve runs over first of all: the one along which it is drawn.
  package var axis: Axis

  /// Seconds for each of what a term counts.
  package struct FittedTerm: Encodable, Sendable {
    package var term: Term
    package var seconds: Estimate
  }

  init(_ curve: Curve, _ subject: SummaryBuilder.CurveSubject, unit: String, leftOut: [Place]) {
    self.curve = curve
    self.unit = unit
    self.leftOut = leftOut
    terms = zip(curve.family.terms, curve.coefficientEstimates).map { FittedTerm(term: $0, seconds: $1) }
    axis =
      switch subject {
      case .prefill: .promptTokens
      case .decode: .contextTokens
      case .batch: .sequences
      }
  }

  package var pointCount: Int { curve.pointCount }
  package var unitCount: Int { curve.unitCount }
  package var residualSpread: Double? { curve.residualSpread }
  package var lackOfFitProbability: Double? { curve.lackOfFit?.probability }
  package var method: String { curve.method.rawValue }
  /// From the least to the most that was measured, along the axis.
  package var domain: ClosedRange<Int> { curve.domain[axis] }

  /// The curve at places of where it was measured, evenly spaced along its axis, the rest at its least; with its interval.
  package func drawn(places: Int) -> [(x: Double, cost: Estimate)] {
    let domain = domain
    var xs = (0...places).map { domain.lowerBound + (domain.upperBound - domain.lowerBound) * $0 / places }
    xs = xs.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    return xs.compactMap { x in
      var place = Place(
        tokens: curve.domain.promptTokens.lowerBound, context: curve.domain.contextTokens.lowerBound,
        sequences: curve.domain.sequences.lowerBound)
      switch axis {
      case .promptTokens: place.tokens = x
      case .contextTokens: place.context = x
      case .sequences: place.sequences = x
      }
      return (try? curve.predict(at: place)).map { (Double(x), $0) }
    }
  }
}
