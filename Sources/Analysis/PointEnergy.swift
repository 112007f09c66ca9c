import Records
import Statistics

/// The energy of a token at one shape, from those runs whose energy came about in the same way.
package struct PointEnergy: Encodable, Sendable {
  /// How it came about and what it covers: `measured (RAPL, package+dram)`.
  package var label: String
  /// All that two figures must share to be added: what `RunEnergy.kind` says.
  let kind: String
  package var method: RunEnergy.Method
  package var tier: String
  package var boundary: RunEnergy.Boundary
  package var attribution: RunEnergy.Attribution
  package var runs: Int
  /// Joules with what is drawn when nothing runs.
  package var joulesPerToken: Estimate
  package var idleSubtractedJoulesPerToken: Estimate?
  package var avgPowerW: Estimate
  package var coefficientSet: RunEnergy.CoefficientSet?
  package var dominantUncertainty: [String]

  /// Figures that came about in different ways are never mixed: those of the way that most runs have are taken, and among
  /// equals those of the better tier. Nil where no run has energy, or where a figure is missing.
  init?(_ observations: [Observation]) {
    let known = observations.filter { $0.measured.record != nil && $0.measured.tokens > 0 }
    let groups = Dictionary(grouping: known) { "\($0.measured.record?.tier ?? "") \($0.measured.record?.kind ?? "")" }
    let largest = groups.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }
    guard let group = largest?.value, let first = group.first?.measured.record else { return nil }
    let units = Units(group)
    func across(_ figure: (Measured, RunEnergy) -> Estimate?) -> Estimate? {
      func one(_ run: Measured) -> Estimate? { run.record.flatMap { figure(run, $0) } }
      let figures = group.compactMap { one($0.measured) }
      guard figures.count == group.count else { return nil }
      return Estimate.alike(figures, spread: units.estimate { one($0)?.value ?? .nan }?.interval)
    }
    guard let gross = across({ $1.totalEnergyJ.scaled(by: 1 / Double($0.tokens)) }),
      let power = across({ $1.totalEnergyJ.scaled(by: 1 / $1.windowS) })
    else { return nil }
    label = first.label
    kind = first.kind
    method = first.method
    tier = first.tier
    boundary = first.boundary
    attribution = first.attribution
    runs = group.count
    joulesPerToken = gross
    idleSubtractedJoulesPerToken = across { $1.idleSubtractedEnergyJ?.scaled(by: 1 / Double($0.tokens)) }
    avgPowerW = power
    coefficientSet = first.coefficientSet
    dominantUncertainty = first.dominantUncertainty
  }
}

extension Measured {
  /// What a run of this tool knows of its energy; nil where there is none.
  var record: RunEnergy? { (try? energy.get())?.record }
}
