import CostCurves
import Records
import Statistics

/// The costs of a phase over the places where it was measured.
extension SummaryBuilder {
  /// Which runs a curve is of: prompts of one sequence, steps of one, or steps of one and of several.
  enum CurveSubject {
    case prefill, decode, batch

    var phase: Phase { self == .prefill ? .prefill : .decode }

    /// What may be fitted, the fullest list first; the next one is for points that are too few.
    func families(_ points: [Point]) -> [[Family]] {
      switch self {
      case .prefill:
        points.contains { $0.place.context > 0 } ? [Family.prefillAtDepth] + Family.prefill : Family.prefill
      case .decode: [Family.decode, [Family.decode[1]], [Family.decode[0]]]
      case .batch: [Family.batch, [Family.batch[1]], [Family.batch[0]]]
      }
    }
  }

  /// The curve of a subject: as paid of all runs, or through the medians of those without a verdict.
  static func fit(
    _ subject: CurveSubject, _ kind: Curve.Kind, _ observations: [Observation]
  ) -> (curve: FittedCurve?, absence: String?) {
    let fitting = observations.filter { observation in
      guard let shape = observation.shape else { return false }
      return shape.phase == subject.phase && (shape.sequences == 1 || subject == .batch)
    }
    if subject == .batch, !fitting.contains(where: { $0.shape?.sequences ?? 1 > 1 }) {
      return (nil, "no run of several sequences")
    }
    let used =
      kind == .asPaid
      ? fitting : Dictionary(grouping: fitting, by: \.work).values.flatMap { trusted($0) }
    // They are sorted so that sums do not depend on the order of a file.
    let sorted = used.sorted { $0.order.lexicographicallyPrecedes($1.order) }
    let units = Units(sorted)
    let growth = Growth(sorted.first?.setup)
    var points = sorted.compactMap { Point($0, kind, growth, unit: units.number(of: $0)) }
    let others = pointsOfAnotherKernel(points, subject, sorted.lazy.compactMap(\.setup.configuration?.manyTokens).first)
    points.removeAll { others.contains($0.place) }
    var reason = "no run of one sequence"
    for list in points.isEmpty ? [] : subject.families(points) {
      do {
        let curve = try Curve.fit(points, growth: growth, kind: kind, families: list)
        return (FittedCurve(curve, subject, unit: units.kind.rawValue, leftOut: others), nil)
      } catch {
        reason = "\(error)"
      }
    }
    return (nil, reason)
  }

  /// The joules of a subject over places, by the way that most runs have; nil where they tell no curve. Its spread is that of
  /// runs alone: what an energy model does not know is common to all of them.
  static func energyCurve(_ subject: CurveSubject, _ observations: [Observation]) -> Curve? {
    let known = observations.filter { observation in
      guard let shape = observation.shape, observation.measured.record != nil else { return false }
      return shape.phase == subject.phase && shape.sequences == 1 && !observation.measured.samples.isEmpty
    }
    let kinds = Dictionary(grouping: known) { $0.measured.record?.kind ?? "" }
    guard let group = kinds.max(by: { ($0.value.count, $1.key) < ($1.value.count, $0.key) })?.value else { return nil }
    let sorted = group.sorted { $0.order.lexicographicallyPrecedes($1.order) }
    let units = Units(sorted)
    let growth = Growth(sorted.first?.setup)
    var points = sorted.compactMap { observation -> Point? in
      guard var point = Point(observation, .asPaid, growth, unit: units.number(of: observation)),
        let joules = observation.measured.record?.totalEnergyJ.value
      else { return nil }
      point.cost = joules / point.count
      return point
    }
    let others = pointsOfAnotherKernel(
      points, subject, sorted.lazy.compactMap(\.setup.configuration?.manyTokens).first)
    points.removeAll { others.contains($0.place) }
    for list in points.isEmpty ? [] : subject.families(points) {
      if let curve = try? Curve.fit(points, growth: growth, families: list) { return curve }
    }
    return nil
  }

  /// Places whose products run on another kernel than the rest: prompts too short, and steps of too many sequences, for what
  /// the weights of the model's formats are tuned to. None where what is left would tell no curve.
  private static func pointsOfAnotherKernel(
    _ points: [Point], _ subject: CurveSubject, _ manyTokens: ManyTokens?
  ) -> [Place] {
    let thresholds = manyTokens?.byFormat.values.compactMap(\.self) ?? []
    guard let first = thresholds.min(), let last = thresholds.max() else { return [] }
    let places = Set(points.map(\.place))
    let others = places.filter { subject == .prefill ? $0.tokens < last : $0.sequences >= first }
    let axis: Axis = subject == .prefill ? .promptTokens : subject == .decode ? .contextTokens : .sequences
    return Set(places.subtracting(others).map(axis.of)).count < 3 ? [] : others.sorted()
  }
}

extension Growth {
  fileprivate init(_ setup: Setup?) {
    self.init(
      microBatch: setup?.configuration?.microBatch,
      layers: setup?.model?.layers?.map { Layers(count: $0.count, window: $0.window) } ?? [Layers(count: 1)])
  }
}

extension Point {
  /// A prefill is one time at its length; a decode run is its steps at the contexts that they went through.
  fileprivate init?(_ observation: Observation, _ kind: Curve.Kind, _ growth: Growth, unit: Int) {
    let samples = observation.measured.samples
    guard let shape = observation.shape, let first = samples.first, let last = samples.last,
      let times = try? Sample(samples.map(\.wallSeconds.value))
    else { return nil }
    let isPrefill = shape.phase == .prefill
    let place = Place(
      tokens: isPrefill ? shape.promptTokens : 1, context: shape.contextTokens, sequences: shape.sequences)
    self.init(
      isPrefill
        ? growth.demand(of: place)
        : growth.steps(from: first.contextTokens, count: samples.count, sequences: shape.sequences)
          * (1 / Double(samples.count)),
      cost: kind == .asPaid ? times.mean : times.median, count: Double(times.count), place: place,
      lastContext: last.contextTokens, unit: unit)
  }
}

extension Observation {
  fileprivate var shape: RunShape? {
    guard case .phase(let shape, _) = work else { return nil }
    return shape
  }

  fileprivate var order: [Int] {
    let shape = shape
    return [
      shape?.promptTokens ?? 0, shape?.contextTokens ?? 0, shape?.generatedTokens ?? 0, shape?.sequences ?? 0,
      window ?? 0, process ?? 0, repetition,
    ]
  }
}
