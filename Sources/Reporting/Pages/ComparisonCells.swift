import Analysis
import Quantities
import Statistics

/// A table of a comparison as text cells with numbered footnotes.
struct ComparisonCells {
  /// Each row has the cells of every variant: its figure and, except for the base, its difference from the base and the least
  /// difference that would probably be found.
  private(set) var rows: [(name: String, cells: [[String]])] = []
  private var notes: [String] = []

  static func columns(of side: Int, unit: Metric) -> [TextTable.Column] {
    let figure = TextTable.figure(unit.id)
    return side == 0 ? [figure] : [figure, TextTable.text("vs base"), TextTable.figure("detects")]
  }

  init(_ table: Comparison.Table) {
    for row in table.rows {
      let cells = row.cells.enumerated().map { side, cell in
        guard let cell else { return side == 0 ? [""] : ["", "", ""] }
        let value = value(cell, table.unit)
        guard let change = cell.change else { return side == 0 ? [value] : [value, "", ""] }
        return [value, self.change(change, cell, row), detectable(change)]
      }
      rows.append((row.name, cells))
    }
    if let base = table.geometricMeans.first {
      let cells = table.geometricMeans.enumerated().map { side, mean in
        side == 0 ? [table.unit.text(mean)] : [table.unit.text(mean), (mean / base).percentChange, ""]
      }
      rows.append(("geomean", cells))
    }
  }

  /// The notes, each behind its number.
  var footnotes: [String] { notes.enumerated().map { "\(Self.superscript($0 + 1)) \($1)" } }

  private mutating func value(_ cell: Comparison.Cell, _ unit: Metric) -> String {
    guard let interval = cell.median.interval else {
      return "\(unit.text(cell.median.value)) ± ∞ "
        + mark("need >= \(Comparison.Cell.unitsNeeded) samples for confidence interval at level 0.95")
    }
    let share = interval.farthestShare(from: cell.median.value) * 100
    return "\(unit.text(cell.median.value)) ± \(share.rounded(share < 0.95 && share > 0 ? 1 : 0))%"
  }

  private mutating func change(_ change: Comparison.Change, _ cell: Comparison.Cell, _ row: Comparison.Row) -> String {
    let base = row.cells.first??.units ?? cell.units
    let count = base == cell.units ? "n=\(cell.units)" : "n=\(base)+\(cell.units)"
    let test = "(p=\(change.adjustedProbability.fixed(3)) \(count))"
    if change.isSignificant { return "\(change.percent) \(test)" }
    if change.allEqual && change.detectableRatio != nil { return "~ \(test) " + mark("all samples are equal") }
    return "~ \(test)"
  }

  private mutating func detectable(_ change: Comparison.Change) -> String {
    guard let ratio = change.detectableRatio else { return "none " + mark("too few samples to find any difference") }
    return "\(((ratio - 1) * 100).significant(2))%"
  }

  private mutating func mark(_ footnote: String) -> String {
    let place = notes.firstIndex(of: footnote) ?? notes.count
    if place == notes.count { notes.append(footnote) }
    return Self.superscript(place + 1)
  }

  private static func superscript(_ number: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return String("\(number)".compactMap { $0.wholeNumberValue.map { digits[$0] } })
  }
}

extension Metric {
  /// As a cell shows it: four digits, and the letter of its scale.
  fileprivate func text(_ value: Double) -> String {
    guard let unit else { return value.significant(4) }
    let scale = unit.scale(for: value)
    return (value / scale.factor).significant(4) + scale.symbol.dropLast()
  }
}
