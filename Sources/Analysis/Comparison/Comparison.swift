import Pricing
import Quantities
import Records
import Statistics

/// Runs of several variants set against each other, row by row: the first is the base.
package struct Comparison: Encodable, Sendable {
  package private(set) var schema = "inferometer.comparison"
  package private(set) var schemaVersion = 1
  /// Labels of the variants.
  package var sides: [String]
  /// What all runs share, by name.
  package var common: [Fact]
  /// What the variants differ in, one value each.
  package var differing: [Fact]
  package var alpha = Comparison.alpha
  package var test: Test
  package var tables: [Table]
  package var notes: [Warning]

  static let alpha = 0.05

  package enum Test: String, Encodable, Sendable {
    /// The processes are independent.
    case processes = "Mann-Whitney"
    /// Each round ran all variants.
    case rounds = "signed ranks of rounds"
  }

  /// Something that has one value in each variant.
  package struct Fact: Encodable, Sendable, Hashable {
    package var name: String
    package var values: [String]
  }

  /// All rows in one unit.
  package struct Table: Encodable, Sendable {
    package var unit: Metric
    package var higherIsBetter: Bool
    package var rows: [Row]
    /// The geometric mean of each variant's medians over all rows that every variant has; empty where there are fewer than
    /// two such rows.
    package var geometricMeans: [Double]
    /// Why rows, or all of them, have no figure.
    package var absences: [Warning]
  }

  package struct Row: Encodable, Sendable {
    package var name: String
    /// One a variant; nil where it has no such run.
    package var cells: [Cell?]
  }

  package struct Cell: Encodable, Sendable {
    /// Independent units: processes, or runs where no process is known.
    package var units: Int { samples.count }
    /// One figure of each unit.
    package var samples: [Double]
    package var median: Estimate
    /// The difference from the base; nil in the base itself and where that has no such run.
    package var change: Change?
  }

  package struct Change: Encodable, Sendable {
    /// Median over median of the base, or the middle of rounds' ratios to the base.
    package var ratio: Estimate
    /// The test's p, for as many looks as there were, and the same after Holm's adjustment for all tests of the table.
    package var probability: Double
    package var adjustedProbability: Double
    /// The least ratio above 1 that this comparison would find in four of five cases, whatever the other tests of the table
    /// find; nil where it can find none.
    package var detectableRatio: Double?
    package var allEqual: Bool

    package var isSignificant: Bool { adjustedProbability < Comparison.alpha }
  }
}

/// What was observed of one variant.
package struct ComparisonSide: Sendable {
  package var label: String
  package var observations: [Observation]
  /// What a reader should know about the file that they came from.
  package var warnings: [String]
  /// What an hour of its machine costs; nil where nobody said and nothing tells.
  package var tariff: Tariff?

  package init(_ label: String, _ observations: [Observation], tariff: Tariff? = nil, warnings: [String] = []) {
    self.label = label
    self.observations = observations
    self.tariff = tariff
    self.warnings = warnings
  }
}

extension Comparison {
  /// Sets sides against the first. Runs with a verdict against them are left out unless asked for.
  ///
  /// With `progress` the sides come from rounds that are still going on or have just ended.
  package init(
    _ sides: [ComparisonSide], metrics: [Metric], withFlagged: Bool = false, progress: Progress? = nil
  ) {
    let grid = ComparisonGrid(sides, withFlagged: withFlagged, comparesEnergy: metrics.contains(where: \.isOfEnergy))
    self.sides = sides.map(\.label)
    common =
      (grid.model.map { [Fact(name: "model", values: [$0])] } ?? []) + grid.facts.filter { Set($0.values).count == 1 }
    differing = grid.facts.filter { Set($0.values).count > 1 }
    tables = metrics.map { Table($0, grid, sides.map(\.tariff), progress) }
    notes = grid.notes
    test = progress == nil ? .processes : .rounds
  }

  /// Names of settings that the command line of a bench can set.
  package static let chosenSettings = [
    "threads", "isa", "activations", "cache", "batch", "pinned", "slowed", "tuning", "memory", "kernel",
  ]

  /// As it goes to standard output or into a file: indented, with a newline at its end.
  package func json() throws -> String {
    String(decoding: try RecordCoding.encode(self, pretty: true), as: UTF8.self) + "\n"
  }

  /// Whether any row has the base and another variant.
  package var isEmpty: Bool { !tables.contains { $0.rows.contains { $0.cells.contains { $0?.change != nil } } } }

  /// Names of what the variants differ in, apart from what they were meant to differ in.
  package func differences(apartFrom axes: Set<String>) -> [String] {
    differing.map(\.name).filter { !axes.contains($0) }
  }

  /// Rows that are significantly worse than the base by more than a share.
  package func regressions(past share: Double) -> [String] {
    tables.flatMap { table in
      table.rows.flatMap { row in
        zip(sides, row.cells).compactMap { side, cell -> String? in
          guard let change = cell?.change, change.isSignificant else { return nil }
          let loss = table.higherIsBetter ? 1 - change.ratio.value : change.ratio.value - 1
          return loss > share ? "\(row.name) of \(side): \(change.percent) in \(table.unit.id)" : nil
        }
      }
    }
  }
}

extension Comparison.Change {
  /// `-17.20%`
  package var percent: String { ratio.value.percentChange }
}

extension Double {
  /// A ratio as the change from 1 in percent, with its sign.
  package var percentChange: String {
    let percent = (self - 1) * 100
    return (percent < 0 ? "" : "+") + percent.fixed(2) + "%"
  }
}
