import Records
import Statistics

/// A model of which a few of its first layers were measured, several numbers of them: what all of its layers would take.
///
/// Layers of one kind cost alike, and what is outside of them costs the same at any depth, so that a cost is linear in the
/// numbers of layers of each kind. The line is drawn window by window, because what slows a minute slows all slices of it.
struct DepthSlices {
  /// Of the whole model, with what stands outside of layers.
  let setup: Setup
  let observations: [Observation]
  /// How many layers were measured, ascending; empty for a model that was measured as it is.
  let slices: [Int]

  /// The observations of each setup, those of slices of one model joined to what the whole would take.
  static func joined(_ observations: [Observation]) -> [DepthSlices] {
    let groups = Dictionary(grouping: observations) { $0.setup.ofWholeModel ?? $0.setup }
    return groups.flatMap { setup, observations in
      let slices = Set(observations.compactMap(\.layerCount)).sorted()
      guard setup.model?.layers != nil, observations.allSatisfy({ $0.setup.model?.sliceOf != nil }), slices.count > 1
      else {
        return Dictionary(grouping: observations, by: \.setup).map {
          DepthSlices(setup: $0.key, observations: $0.value, slices: [])
        }
      }
      return [DepthSlices(setup: setup, observations: whole(setup, observations, deepest: slices.last), slices: slices)]
    }
  }

  /// The runs of the deepest slice, each with the times that it would have taken with all layers.
  private static func whole(_ setup: Setup, _ observations: [Observation], deepest: Int?) -> [Observation] {
    let units = Units(observations)
    let cells = Dictionary(grouping: observations) { Cell(unit: units.number(of: $0), work: $0.work) }
    return cells.values.flatMap { runs -> [Observation] in
      let parts = Dictionary(grouping: runs) { $0.setup.model?.layers ?? [] }
      let layers = setup.model?.layers ?? []
      guard let deep = runs.filter({ $0.layerCount == deepest }).nonEmpty,
        let seconds = extrapolated(parts, to: layers, { $0.secondsPerToken }), seconds > 0
      else { return [] }
      let factor = seconds / mean(deep) { $0.secondsPerToken }
      let classes = Set(runs.flatMap(\.measured.operations.keys))
      let operations = classes.map { name in
        func amount(_ part: KeyPath<OperationCount, Double>) -> Double {
          extrapolated(parts, to: layers) { ($0.operations[name]?[keyPath: part] ?? 0) / Double($0.tokens) } ?? 0
        }
        return (
          name,
          OperationCount(
            flops: .init(amount(\.flops.value)), bytesRead: .init(amount(\.bytesRead.value)),
            bytesWritten: .init(amount(\.bytesWritten.value)))
        )
      }
      return deep.map { run in
        var run = run
        run.setup = setup
        run.measured.seconds *= factor
        run.measured.transientSeconds = run.measured.transientSeconds.map { $0 * factor }
        run.measured.samples = run.measured.samples.map {
          Timing(contextTokens: $0.contextTokens, wallSeconds: .init($0.wallSeconds.value * factor))
        }
        let tokens = Double(run.measured.tokens)
        run.measured.operations = Dictionary(uniqueKeysWithValues: operations.map { ($0, $1 * tokens) })
        run.measured.isCanonical = false
        run.measured.energy = .failure(.init(code: "slices", reason: "energy is not extrapolated in depth"))
        return run
      }
    }
  }

  private struct Cell: Hashable {
    let unit: Int
    let work: Work
  }

  private static func mean(_ runs: [Observation], _ figure: (Measured) -> Double) -> Double {
    runs.reduce(0) { $0 + figure($1.measured) } / Double(runs.count)
  }

  /// The figure at all layers; nil where slices are too few. Kinds of layers that the slices do not tell apart count as one.
  private static func extrapolated(
    _ parts: [[ModelIdentity.LayerGroup]: [Observation]], to layers: [ModelIdentity.LayerGroup],
    _ figure: (Measured) -> Double
  ) -> Double? {
    let means = parts.map { (layers: $0.key, value: mean($0.value, figure)) }
    if means.allSatisfy({ $0.value == 0 }) { return 0 }
    func count(_ groups: [ModelIdentity.LayerGroup], _ window: Int?) -> Double {
      Double(groups.reduce(0) { $0 + ($1.window == window ? $1.count : 0) })
    }
    let kinds = layers.map { kind in { (groups: [ModelIdentity.LayerGroup]) in count(groups, kind.window) } }
    let all = [{ (groups: [ModelIdentity.LayerGroup]) in Double(groups.reduce(0) { $0 + $1.count }) }]
    for columns in [kinds, all] {
      let design = DesignMatrix(rows: means.count, columns: columns.count + 1) { row, column in
        column == 0 ? 1 : columns[column - 1](means[row].layers)
      }
      let weights = means.map { $0.value > 0 ? 1 / ($0.value * $0.value) : 1 }
      guard let fit = try? LeastSquares(design, means.map(\.value), weights: weights) else { continue }
      return dot(fit.coefficients, [1] + columns.map { $0(layers) })
    }
    return nil
  }
}

extension Setup {
  /// The same for the model that this one is a slice of; nil for a whole model.
  fileprivate var ofWholeModel: Setup? {
    guard let model, let whole = model.sliceOf else { return nil }
    var setup = self
    setup.model = ModelIdentity(
      name: whole.name, architecture: model.architecture, source: model.source, format: model.format,
      parameters: whole.parameters, weightBytes: whole.weightBytes, layers: whole.layers)
    return setup
  }
}

extension Observation {
  fileprivate var layerCount: Int? { setup.model?.layers?.reduce(0) { $0 + $1.count } }
}

extension Array {
  fileprivate var nonEmpty: Self? { isEmpty ? nil : self }
}
