import Statistics

/// Why a curve does not answer.
package enum PredictionError: Error, Hashable, CustomStringConvertible {
  case outsideDomain(axis: Axis, value: Int, domain: ClosedRange<Int>, reach: Double)
  case noTokens

  package var description: String {
    switch self {
    case .outsideDomain(let axis, let value, let domain, let reach):
      "predict: \(axis.name) \(value): measured were \(domain.words)"
        + (reach > 1 ? ", and an answer up to \(reach) times as far is allowed" : "")
        + "; measure there with \(axis.option)"
    case .noTokens: "predict: a count of tokens is negative, or zero where a cost per token is asked; give at least 1"
    }
  }
}

extension Axis {
  package var name: String { rawValue.replacing("_", with: " ") }

  /// The option of `measure` that has places of this axis measured.
  package var option: String {
    switch self {
    case .promptTokens: "--contexts"
    case .contextTokens: "--contexts or --cached"
    case .sequences: "-npl"
    }
  }
}

extension ClosedRange<Int> {
  fileprivate var words: String { lowerBound == upperBound ? "\(lowerBound)" : "\(lowerBound) to \(upperBound)" }
}

extension Curve {
  /// The cost at a place. Beyond the domain the curve abstains, unless it may reach some times as far; then the estimate carries
  /// a warning, and its interval holds what other families that fit say there.
  package func predict(at place: Place, level: Double = 0.95, reach: Double = 1) throws(PredictionError) -> Estimate {
    estimate(growth.demand(of: place), level, try notes([place], reach), isPlace: true)
  }

  /// The cost of one more token at the end of a prompt.
  package func slope(at place: Place, level: Double = 0.95, reach: Double = 1) throws(PredictionError) -> Estimate {
    estimate(growth.oneMore(at: place), level, try notes([place], reach), isPlace: false)
  }

  /// What a place costs more because of the context in front of it.
  package func behind(at place: Place, level: Double = 0.95) throws(PredictionError) -> Estimate {
    let notes = try notes([place], 1)
    let bare = Place(tokens: place.tokens, sequences: place.sequences)
    return estimate(growth.demand(of: place) + growth.demand(of: bare) * -1, level, notes, isPlace: false)
  }

  /// The sum of the costs of steps at the contexts first, first + 1, … (count of them): what tokens cost while the context grows
  /// under them.
  package func sum(
    from first: Int, count: Int, sequences: Int = 1, level: Double = 0.95, reach: Double = 1
  ) throws(PredictionError) -> Estimate {
    guard count >= 0, first >= 0, !first.addingReportingOverflow(count).overflow else { throw .noTokens }
    if count == 0 { return .exact(0) }
    let ends = [first, first + count - 1].map { Place(context: $0, sequences: sequences) }
    return estimate(
      growth.steps(from: first, count: count, sequences: sequences), level, try notes(ends, reach), isPlace: true)
  }

  /// How far beyond the domain a place lies: warnings for what is within reach, an error for what is not.
  private func notes(_ places: [Place], _ reach: Double) throws(PredictionError) -> [Warning] {
    var notes: [Warning] = []
    for place in places {
      for axis in Axis.allCases {
        let (value, range) = (axis.of(place), domain[axis])
        if range.contains(value) { continue }
        let (low, high) = (Double(range.lowerBound) / reach, Double(range.upperBound) * reach)
        // Places that agree in an axis say nothing of how costs grow along it.
        guard reach > 1, range.count > 1, low <= Double(value), Double(value) <= high else {
          throw .outsideDomain(axis: axis, value: value, domain: range, reach: reach)
        }
        let note = Warning.extrapolated(axis: axis, range: range.words)
        if !notes.contains(note) { notes.append(note) }
      }
    }
    return notes
  }

  /// A linear function of the coefficients, Σ gᵢcᵢ, has the variance gᵀCg, and a cost at a place beside it what the family
  /// misses there.
  private func estimate(_ demand: Demand, _ level: Double, _ notes: [Warning], isPlace: Bool) -> Estimate {
    let factors = family.factors(of: demand)
    let value = dot(factors, coefficients)
    let missed = isPlace ? (lackOfFit?.misfit ?? 0) * value : 0
    var besides = missed * missed
    // What fits as well where it was measured may differ where it was not.
    if !notes.isEmpty {
      besides += rivals.reduce(0) { most, rival in
        let apart = dot(rival.family.factors(of: demand), rival.coefficients) - value
        return max(most, apart * apart / 4)
      }
    }
    return estimate(factors, level, besides: besides, warnings: warnings + notes)
  }

  private func estimate(_ factors: [Double], _ level: Double, besides: Double, warnings: [Warning]) -> Estimate {
    let value = dot(factors, coefficients)
    if !replicates.isEmpty {
      return Estimate(
        value, Replicates(units: units, values: replicates.map { dot(factors, $0) }, besides: besides), level: level,
        nonNegative: nonNegative, method: method, warnings: warnings)
    }
    let interval = covariance.map { covariance in
      let variance = max(0, dot(factors, covariance.map { dot($0, factors) })) + besides
      let half = StudentT(degreesOfFreedom: Double(degreesOfFreedom)).quantile((1 + level) / 2) * variance.squareRoot()
      return Interval(low: nonNegative ? max(0, value - half) : value - half, high: value + half, level: level)
    }
    return Estimate(value, interval, method: method, warnings: warnings)
  }

  /// Each coefficient with its interval, term by term.
  package var coefficientEstimates: [Estimate] {
    coefficients.indices.map { index in
      estimate(coefficients.indices.map { $0 == index ? 1 : 0 }, 0.95, besides: 0, warnings: warnings)
    }
  }

  /// What each term of the cost at a place takes.
  package func parts(at place: Place) -> [(term: Term, cost: Double)] {
    zip(family.terms, zip(family.factors(of: growth.demand(of: place)), coefficients)).map { ($0, $1.0 * $1.1) }
  }
}

extension Warning {
  static func extrapolated(axis: Axis, range: String) -> Warning {
    Warning(
      code: "extrapolated",
      message:
        "beyond the measured \(axis.name) of \(range): the interval supposes that one of the shapes that fit goes on")
  }
}
