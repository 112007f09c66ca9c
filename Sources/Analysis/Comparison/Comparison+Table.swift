import Glibc
import Pricing
import Statistics

/// One figure of each process of a cell.
private struct ProcessFigures {
  var sample: Sample
  var processes: [Int?]

  /// The ratios of figures whose processes have the same number, because those ran in one round.
  func ratios(over base: ProcessFigures) -> [Double] {
    let bases = zip(base.processes, base.sample.values).compactMap { number, value in number.map { ($0, value) } }
    let valueOf = Dictionary(bases, uniquingKeysWith: { $1 })
    return zip(processes, sample.values).compactMap { number, value in
      number.flatMap { valueOf[$0] }.map { value / $0 }
    }
  }
}

extension Comparison.Table {
  init(_ metric: Metric, _ grid: ComparisonGrid, _ tariffs: [Tariff?], _ progress: Comparison.Progress?) {
    unit = metric
    higherIsBetter = metric.higherIsBetter
    rows = []
    absences = []
    geometricMeans = []
    var missing: [(reason: String, name: String)] = []
    var cells: [[ProcessFigures?]] = []
    for key in grid.keys {
      let row = zip(grid.cells[key] ?? [], tariffs).map { processes, tariff -> ProcessFigures? in
        var values: [Double] = []
        var numbers: [Int?] = []
        for observations in processes {
          switch metric.value(of: observations, tariff) {
          case .success(let value):
            values.append(value)
            numbers.append(observations.first?.process)
          case .failure(let absence): missing.append((absence.reason, grid.name(of: key)))
          }
        }
        return (try? Sample(values)).map { ProcessFigures(sample: $0, processes: numbers) }
      }
      if row.contains(where: { $0 != nil }) {
        rows.append(Comparison.Row(name: grid.name(of: key), cells: row.map { $0.map { .init($0.sample) } }))
        cells.append(row)
      }
    }
    for reason in Set(missing.map(\.reason)).sorted() {
      let names = Set(missing.filter { $0.reason == reason }.map(\.name))
      let what = rows.isEmpty ? "no row" : "not of \(names.sorted().joined(separator: ", "))"
      absences.append(Warning(code: "absent", message: "\(metric.id): \(what): \(reason)"))
    }
    compare(cells, progress)
    meanGeometrically(cells.map { $0.map { $0?.sample } })
  }

  /// Each variant with the base, all tests of the table adjusted together.
  private mutating func compare(_ cells: [[ProcessFigures?]], _ progress: Comparison.Progress?) {
    let tests = cells.reduce(0) { sum, sides in
      sum + ((sides.first ?? nil) == nil ? 0 : sides.dropFirst().count { $0 != nil })
    }
    var places: [(row: Int, side: Int, probability: Double)] = []
    for (row, sides) in cells.enumerated() {
      guard let base = sides.first ?? nil else { continue }
      for (side, units) in sides.enumerated().dropFirst() {
        guard let units else { continue }
        let alpha = Comparison.alpha / Double(tests)
        let change: Comparison.Change? =
          if let progress { .init(rounds: units.ratios(over: base), progress, alpha: alpha) } else {
            .init(base.sample, units.sample, alpha: alpha)
          }
        guard let change else {
          if min(base.sample.minimum, units.sample.minimum) <= 0 {
            absences.append(.noRatio(unit.id, rows[row].name))
          }
          continue
        }
        rows[row].cells[side]?.change = change
        places.append((row, side, change.probability))
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

extension Warning {
  fileprivate static func noRatio(_ metric: String, _ row: String) -> Warning {
    Warning(
      code: "no-ratio", message: "\(metric): not compared of \(row): some figures are zero or below and have no ratio")
  }
}

extension Comparison.Cell {
  init(_ sample: Sample) {
    samples = sample.values
    median = sample.medianEstimate()
  }

  /// Units from which on a median has an interval.
  package static var unitsNeeded: Int { Sample.countNeeded(probability: 0.5, level: 1 - Comparison.alpha) }
}
