import Statistics

/// A table as text cells with numbered footnotes, which the terminal and Markdown share.
struct ComparisonCells {
  struct Line {
    var name: String
    /// The figure of each variant, its difference from the base, and the least difference that would probably be found.
    var cells: [(value: String, change: String, detectable: String)]
  }

  private(set) var lines: [Line] = []
  private(set) var footnotes: [String] = []

  init(_ table: Comparison.Table, sides: Int) {
    for row in table.rows {
      lines.append(
        Line(
          name: row.name,
          cells: row.cells.map { cell in
            guard let cell else { return ("", "", "") }
            let value = value(cell, table.unit)
            guard let change = cell.change else { return (value, "", "") }
            return (value, self.change(change, cell, row), detectable(change))
          }))
    }
    if let base = table.geometricMeans.first {
      lines.append(
        Line(
          name: "geomean",
          cells: table.geometricMeans.enumerated().map { side, mean in
            let percent = (mean / base - 1) * 100
            return (table.unit.text(mean), side == 0 ? "" : (percent < 0 ? "" : "+") + percent.fixed(2) + "%", "")
          }))
    }
  }

  private mutating func value(_ cell: Comparison.Cell, _ unit: ComparisonUnit) -> String {
    guard let interval = cell.median.interval else {
      let need = Sample.countNeeded(probability: 0.5, level: 0.95)
      return "\(unit.text(cell.median.value)) ± ∞ "
        + mark("need >= \(need) samples for confidence interval at level 0.95")
    }
    let half = max(interval.high - cell.median.value, cell.median.value - interval.low)
    let share = half == 0 ? 0 : half / cell.median.value.magnitude * 100
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
    let place = footnotes.firstIndex(of: footnote) ?? footnotes.count
    if place == footnotes.count { footnotes.append(footnote) }
    return Self.superscript(place + 1)
  }

  static func superscript(_ number: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return String("\(number)".compactMap { $0.wholeNumberValue.map { digits[$0] } })
  }
}
