import Statistics

/// Why a curve does not answer.
package enum PredictionError: Error, Hashable, CustomStringConvertible {
  case outsideDomain(axis: Axis, x: Double, domain: ClosedRange<Double>, margin: Double)
  case noTokens

  package var description: String {
    switch self {
    case .outsideDomain(let axis, let x, let domain, let margin):
      "predict: \(axis.rawValue) \(x) is outside the measured \(domain.lowerBound) to \(domain.upperBound)"
        + (margin > 0 ? " and a margin of \(margin * 100) % of its width" : "") + "; measure there"
    case .noTokens: "predict: a count of tokens is negative, or zero where a cost per token is asked; give at least 1"
    }
  }
}

extension Curve {
  /// The cost at x. Beyond the domain the curve abstains, unless a margin, a share of the domain's width, is allowed; then
  /// the estimate carries a warning.
  package func predict(at x: Double, level: Double = 0.95, margin: Double = 0) throws(PredictionError) -> Estimate {
    estimate(family.value(at: x), level, [try place(x, margin)], misfit: misfit)
  }

  /// The cost of one more unit of the axis at x.
  package func slope(at x: Double, level: Double = 0.95, margin: Double = 0) throws(PredictionError) -> Estimate {
    estimate(family.slope(at: x), level, [try place(x, margin)], misfit: 0)
  }

  /// The sum of the costs at first, first + 1, … (count of them): what tokens cost while the context grows under them.
  package func sum(
    from first: Int, count: Int, level: Double = 0.95, margin: Double = 0
  ) throws(PredictionError) -> Estimate {
    guard count >= 0 else { throw .noTokens }
    if count == 0 { return .exact(0) }
    let (start, length) = (Double(first), Double(count))
    let places = [try place(start, margin), try place(start + length - 1, margin)]
    return estimate(family.sum(from: start, count: length), level, places, misfit: misfit)
  }

  /// A warning when x is in the margin only.
  private func place(_ x: Double, _ margin: Double) throws(PredictionError) -> Warning? {
    if domain.contains(x) { return nil }
    let reach = max(0, margin) * (domain.upperBound - domain.lowerBound)
    guard domain.lowerBound - reach <= x, x <= domain.upperBound + reach else {
      throw .outsideDomain(axis: axis, x: x, domain: domain, margin: margin)
    }
    return .extrapolated(axis: axis, domain: domain)
  }

  /// A linear function of the coefficients, Σ gᵢcᵢ, has the variance gᵀCg, and a cost at a place beside it what the family
  /// misses there.
  private func estimate(_ factors: [Double], _ level: Double, _ places: [Warning?], misfit: Double) -> Estimate {
    let value = dot(factors, coefficients)
    var notes = warnings
    for place in places.compactMap(\.self) where !notes.contains(place) { notes.append(place) }
    let besides = misfit * value * misfit * value
    if !replicates.isEmpty {
      return Estimate(
        value, Replicates(units: units, values: replicates.map { dot(factors, $0) }, besides: besides), level: level,
        nonNegative: nonNegative, method: method, warnings: notes)
    }
    let interval = covariance.map { covariance in
      let variance = max(0, dot(factors, covariance.map { dot($0, factors) })) + besides
      let half = StudentT(degreesOfFreedom: Double(degreesOfFreedom)).quantile((1 + level) / 2) * variance.squareRoot()
      return Interval(low: nonNegative ? max(0, value - half) : value - half, high: value + half, level: level)
    }
    return Estimate(value, interval, method: method, warnings: notes)
  }

  private var misfit: Double { lackOfFit?.misfit ?? 0 }

  /// Each coefficient with its interval, from the constant up.
  package var coefficientEstimates: [Estimate] {
    coefficients.indices.map { index in
      estimate(coefficients.indices.map { $0 == index ? 1 : 0 }, 0.95, [], misfit: 0)
    }
  }
}

extension Warning {
  static func extrapolated(axis: Axis, domain: ClosedRange<Double>) -> Warning {
    Warning(
      code: "extrapolated",
      message:
        "beyond the measured \(axis.rawValue) \(domain.lowerBound) to \(domain.upperBound): the interval supposes that the shape goes on"
    )
  }
}
