import Statistics

/// Whether the places lie further from a curve than their scatter explains: the classical F test, on means of a unit at a place
/// with what each unit shares taken out, because a slow minute moves all places alike and is no scatter among them.
package struct LackOfFit: Codable, Hashable, Sendable {
  /// The chance of deviations as large as these, were the family true.
  package let probability: Double
  /// The standard deviation of a place about the curve beyond what scatter explains, as a share of the cost.
  package let misfit: Double

  /// Nil with fewer than two whole units, or without a place to spare.
  init?(_ points: [Point], _ family: Family, _ coefficients: [Double]) {
    let places = points.places
    let spare = places.count - family.terms.count
    var cells: [Int: [Place: Moments]] = [:]
    for point in points {
      let fitted = dot(coefficients, family.factors(of: point.demand))
      cells[point.unit, default: [:]][point.place, default: Moments()].add(point.cost / fitted - 1)
    }
    let whole = cells.filter { $0.value.count == places.count }.sorted { $0.key < $1.key }
    guard spare > 0, places.count > 1, whole.count > 1 else { return nil }
    let deviations = whole.map { unit in places.compactMap { unit.value[$0[0].place]?.mean } }
    let ofUnits = deviations.map { Moments($0).mean }
    let ofPlaces = places.indices.map { place in Moments(deviations.map { $0[place] }).mean }
    let centre = Moments(ofUnits).mean
    let scatter = deviations.indices.reduce(0) { sum, unit in
      places.indices.reduce(sum) { sum, place in
        let rest = deviations[unit][place] - ofUnits[unit] - ofPlaces[place] + centre
        return sum + rest * rest
      }
    }
    let freedom = (places.count - 1) * (whole.count - 1)
    let units = Double(whole.count)
    let lack = units * dot(ofPlaces, ofPlaces) / Double(spare)
    let pure = scatter / Double(freedom)
    guard lack.isFinite, pure.isFinite else { return nil }
    // What rounding leaves of exact costs is no deviation.
    let isExact = lack <= units * 0x1p-80
    probability = isExact ? 1 : pure > 0 ? FDistribution(spare, freedom).upperTail(lack / pure) : 0
    misfit = isExact ? 0 : max(0, (lack - pure) / units).squareRoot()
  }
}

extension Warning {
  static func misfit(_ lack: LackOfFit, _ family: Family) -> Warning {
    let share = (lack.misfit * 1000).rounded() / 10
    return Warning(
      code: "misfit",
      message:
        "the places lie off \(family.name) by \(share) % beyond their scatter: intervals allow for it, "
        + "and the measured points are surer than the curve")
  }
}
