import CostCurves
import Records
import Statistics

/// The costs of a phase over its axis.
extension SummaryBuilder {
  /// The curve of a phase for one sequence, and an empty cache before prefill: as paid of all runs, or through the medians of
  /// those without a verdict. It is of the first list of families that the points can bear.
  static func fit(
    _ phase: Phase, _ kind: Curve.Kind, _ observations: [Observation]
  ) -> (curve: FittedCurve?, absence: String?) {
    let fitting = observations.filter { observation in
      guard let shape = observation.shape else { return false }
      return shape.phase == phase && shape.sequences == 1 && (phase == .decode || shape.contextTokens == 0)
    }
    let used =
      kind == .asPaid
      ? fitting : Dictionary(grouping: fitting, by: \.work).values.flatMap { trusted($0) }
    // They are sorted so that sums do not depend on the order of a file.
    let sorted = used.sorted { $0.order.lexicographicallyPrecedes($1.order) }
    let units = Units(sorted)
    var points = sorted.compactMap { Point($0, kind, unit: units.number(of: $0)) }
    var shorter: Set<Double> = []
    if phase == .prefill, let once = sorted.lazy.compactMap(\.unpackedOnceTokens).first {
      let lengths = Set(points.map(\.place))
      shorter = lengths.filter { $0 < Double(once) }
      // What is left must tell a slope.
      if lengths.count - shorter.count < 3 { shorter = [] }
      points.removeAll { shorter.contains($0.place) }
    }
    let families: [[Family]] =
      phase == .prefill ? [[.quadratic], [.affine], [.constant]] : [Family.allCases, [.affine], [.constant]]
    var reason = "no run of one sequence"
    for list in points.isEmpty ? [] : families {
      do {
        let axis: Axis = phase == .prefill ? .promptTokens : .contextTokens
        let curve = try Curve.fit(points, over: axis, kind: kind, families: list)
        return (
          FittedCurve(
            curve: curve, coefficients: curve.coefficientEstimates, unit: units.kind.rawValue,
            shorterPrompts: shorter.map { Int($0) }.sorted()), nil
        )
      } catch {
        reason = "\(error)"
      }
    }
    return (nil, reason)
  }
}

extension Point {
  /// A prefill is one time at its length; a decode run is its steps at the middle of the contexts that they went through.
  fileprivate init?(_ observation: Observation, _ kind: Curve.Kind, unit: Int) {
    guard let shape = observation.shape,
      let times = try? Sample(observation.measured.samples.map(\.wallSeconds.value))
    else { return nil }
    let isPrefill = shape.phase == .prefill
    let contexts = observation.measured.samples.map { Double($0.contextTokens) }
    self.init(
      x: isPrefill ? Double(shape.promptTokens) : contexts.reduce(0, +) / Double(contexts.count),
      cost: kind == .asPaid ? times.mean : times.median, count: Double(times.count),
      place: Double(isPrefill ? shape.promptTokens : shape.contextTokens), unit: unit)
  }
}

extension Observation {
  fileprivate var shape: RunShape? {
    guard case .phase(let shape, _) = work else { return nil }
    return shape
  }

  /// From how many tokens on weights of every format were unpacked once for all; nil where that is not known, or never.
  fileprivate var unpackedOnceTokens: Int? { setup.configuration?.manyTokens?.byFormat.values.compactMap(\.self).max() }

  fileprivate var order: [Int] {
    let shape = shape
    return [
      shape?.promptTokens ?? 0, shape?.contextTokens ?? 0, shape?.generatedTokens ?? 0, window ?? 0, process ?? 0,
      repetition,
    ]
  }
}

extension FittedCurve {
  package var isOverPrompts: Bool { curve.axis == .promptTokens }
  /// The range from the first place that was measured to the last, in tokens.
  package var domain: ClosedRange<Double> { curve.domain }
  package var pointCount: Int { curve.pointCount }
  package var unitCount: Int { curve.unitCount }
  package var residualSpread: Double? { curve.residualSpread }
  package var lackOfFitProbability: Double? { curve.lackOfFit?.probability }
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
