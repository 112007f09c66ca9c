import CostCurves
import Records
import Statistics

/// The costs of a phase over its axis.
extension SummaryBuilder {
  /// The curve of a phase for one sequence and an empty cache before prefill. It is of the first list of families
  /// that the points can bear.
  static func fit(
    _ phase: Phase, _ shapes: [RunShape: [Observation]], families: [[Family]]
  ) -> (curve: FittedCurve?, absence: String?) {
    let fitting = shapes.filter { shape, _ in
      shape.phase == phase && shape.sequences == 1 && (phase == .decode || shape.contextTokens == 0)
    }
    // They are sorted so that sums do not depend on the order of a file.
    let observations = fitting.values.flatMap { trusted($0) }.sorted { $0.place < $1.place }
    let units = Units(observations)
    let points = observations.compactMap { observation in
      point(observation, of: units.number(of: observation))
    }
    var reason = "no run of one sequence"
    for list in points.isEmpty ? [] : families {
      do {
        let axis: Axis = phase == .prefill ? .promptTokens : .contextTokens
        return (FittedCurve(try Curve.fit(points, over: axis, families: list), unit: units.kind.rawValue), nil)
      } catch {
        reason = "\(error)"
      }
    }
    return (nil, reason)
  }

  /// A prefill is one time at its length; a decode run is its steps at the middle of the contexts that they went through.
  private static func point(_ observation: Observation, of unit: Int) -> Point? {
    guard case .phase(let shape, _) = observation.work,
      let sample = try? Sample(observation.measured.samples.map(\.wallSeconds.value))
    else { return nil }
    if shape.phase == .prefill { return Point(x: Double(shape.promptTokens), sample: sample, run: unit) }
    guard let contexts = try? Sample(observation.measured.samples.map { Double($0.contextTokens) }) else { return nil }
    return Point(x: contexts.median, sample: sample, run: unit)
  }
}

extension Observation {
  fileprivate var place: String {
    guard case .phase(let shape, _) = work else { return "" }
    return "p\(shape.promptTokens)/g\(shape.generatedTokens)/c\(shape.contextTokens)/r\(repetition)/\(process ?? 0)"
  }
}

extension FittedCurve {
  /// Each coefficient with Student's interval of its own variance.
  init(_ curve: Curve, unit: String) {
    self.curve = curve
    self.unit = unit
    coefficients = curve.coefficients.enumerated().map { index, value in
      guard let variance = curve.covariance?[index][index] else { return Estimate(value, nil, method: curve.method) }
      let half =
        StudentT(degreesOfFreedom: Double(curve.degreesOfFreedom)).quantile(0.975) * max(0, variance).squareRoot()
      let low = curve.nonNegative ? max(0, value - half) : value - half
      return Estimate(value, Interval(low: low, high: value + half, level: 0.95), method: curve.method)
    }
  }

  package var isOverPrompts: Bool { curve.axis == .promptTokens }
  /// The range from the first place that was measured to the last, in tokens.
  package var domain: ClosedRange<Double> { curve.domain }
  package var pointCount: Int { curve.pointCount }
  package var unitCount: Int { curve.runCount }
  package var rSquared: Double? { curve.rSquared }
  package var method: String { curve.method.rawValue }

  /// The curve at evenly spaced places of where it was measured, with its interval.
  package func drawn(places: Int) -> [(x: Double, cost: Estimate)] {
    let (low, high) = (curve.domain.lowerBound, curve.domain.upperBound)
    return (0...places).compactMap { step in
      let x = step == places ? high : low + (high - low) * Double(step) / Double(places)
      return (try? curve.predict(at: x)).map { (x, $0) }
    }
  }
}
