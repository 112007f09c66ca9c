import Glibc
import Pricing
import Statistics

extension Comparison.Table {
  init(_ unit: ComparisonUnit, _ grid: ComparisonGrid, _ tariff: Tariff) {
    self.unit = unit
    higherIsBetter = unit.isHigherBetter
    rows = []
    absences = []
    geometricMeans = []
    var missing: [(reason: String, name: String)] = []
    var samples: [[Sample?]] = []
    for key in grid.keys {
      let row = (grid.cells[key] ?? []).map { processes -> Sample? in
        var values: [Double] = []
        for runs in processes {
          switch unit.value(of: runs, tariff) {
          case .success(let value): values.append(value)
          case .failure(let absence): missing.append((absence.reason, grid.name(of: key)))
          }
        }
        return try? Sample(values)
      }
      if row.contains(where: { $0 != nil }) {
        rows.append(Comparison.Row(name: grid.name(of: key), cells: row.map { $0.map { .init($0) } }))
        samples.append(row)
      }
    }
    for reason in Set(missing.map(\.reason)).sorted() {
      let names = Set(missing.filter { $0.reason == reason }.map(\.name))
      let what = rows.isEmpty ? "no row" : "not of \(names.sorted().joined(separator: ", "))"
      absences.append(Warning(code: "absent", message: "\(unit.rawValue): \(what): \(reason)"))
    }
    compare(samples)
    meanGeometrically(samples)
  }

  /// Each variant with the base, all tests of the table adjusted together.
  private mutating func compare(_ samples: [[Sample?]]) {
    let tests = samples.reduce(0) { sum, sides in
      sum + ((sides.first ?? nil) == nil ? 0 : sides.dropFirst().count { $0 != nil })
    }
    var places: [(row: Int, side: Int, probability: Double)] = []
    for (row, sides) in samples.enumerated() {
      guard let base = sides.first ?? nil else { continue }
      for (side, sample) in sides.enumerated().dropFirst() {
        guard let sample else { continue }
        let probability = MannWhitney(base, sample).probability
        rows[row].cells[side]?.change = Comparison.Change(
          ratio: Bootstrap().ratioOfMedians(sample, to: base), probability: probability,
          adjustedProbability: probability,
          detectableRatio: DetectableEffect.ratio(base, sample, alpha: Comparison.alpha / Double(tests)),
          allEqual: Set(base.values + sample.values).count == 1)
        places.append((row, side, probability))
      }
    }
    for (place, adjusted) in zip(places, Holm.adjusted(places.map(\.probability))) {
      rows[place.row].cells[place.side]?.change?.adjustedProbability = adjusted
    }
  }

  private mutating func meanGeometrically(_ samples: [[Sample?]]) {
    let complete = samples.map { $0.compactMap(\.self) }.filter { $0.count == samples.first?.count }
    guard complete.count > 1, let count = complete.first?.count else { return }
    let means = (0..<count).map { side in
      exp(complete.reduce(0) { $0 + log($1[side].median) } / Double(complete.count))
    }
    if means.allSatisfy({ $0.isFinite && $0 > 0 }) { geometricMeans = means }
  }
}

extension Comparison.Cell {
  init(_ sample: Sample) {
    samples = sample.values
    median = sample.medianEstimate()
  }
}
