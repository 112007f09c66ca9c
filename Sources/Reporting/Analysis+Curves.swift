import CostCurves
import Records
import Statistics

/// The costs of a phase over its axis.
extension Analysis {
  /// The curve of a phase for one sequence and an empty cache before prefill. Of the lists of families the first that the
  /// points can bear.
  static func fit(
    _ phase: Phase, _ shapes: [RunShape: [RunRecord]], families: [[Family]]
  ) -> (curve: FittedCurve?, absence: String?) {
    let runs = shapes.filter { shape, _ in
      shape.phase == phase && shape.sequences == 1 && (phase == .decode || shape.contextTokens == 0)
    }.values.flatMap { trusted($0) }
    let units = IndependentUnits(runs)
    let points = runs.sorted { $0.key.description < $1.key.description }.compactMap {
      point($0, of: (units.areProcesses ? $0.process : nil) ?? $0.repetition)
    }
    let unit = units.areProcesses ? "process" : "repetition"
    var reason = "no run of one sequence"
    for list in points.isEmpty ? [] : families {
      do {
        let axis: Axis = phase == .prefill ? .promptTokens : .contextTokens
        return (FittedCurve(try Curve.fit(points, over: axis, families: list), unit: unit), nil)
      } catch {
        reason = "\(error)"
      }
    }
    return (nil, reason)
  }

  /// A prefill is one time at its length; a decode run is its steps at the middle of the contexts that they went through.
  static func point(_ run: RunRecord, of unit: Int) -> Point? {
    guard let sample = try? Sample(run.samples.map(\.wallSeconds.value)) else { return nil }
    if run.phase == .prefill { return Point(x: Double(run.promptTokens), sample: sample, run: unit) }
    guard let contexts = try? Sample(run.samples.map { Double($0.contextTokens) }) else { return nil }
    return Point(x: contexts.median, sample: sample, run: unit)
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
}
