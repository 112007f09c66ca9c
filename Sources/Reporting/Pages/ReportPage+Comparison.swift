import Analysis
import Statistics

/// A comparison, its tables in the shape of Go's benchstat.
extension ReportPage {
  package init(_ comparison: Comparison) {
    self.init()
    for fact in comparison.common { add(.line("\(fact.name): \(fact.values.first ?? "")")) }
    for fact in comparison.differing {
      let values = zip(comparison.sides, fact.values).map { "\($0) \($1.isEmpty ? "not" : $1)" }
      add(.line("\(fact.name): differs: \(values.joined(separator: ", "))"))
    }
    for table in comparison.tables where !table.rows.isEmpty {
      let cells = ComparisonCells(table)
      let columns = comparison.sides.indices.map { ComparisonCells.columns(of: $0, unit: table.unit) }
      var grid = TextTable([TextTable.text("test")] + columns.flatMap(\.self))
      grid.groups = zip(comparison.sides, columns).map { TextTable.Group(title: $0.printable, columns: $1.count) }
      for row in cells.rows { grid.add([row.name] + row.cells.flatMap(\.self)) }
      add(.space)
      add(.table(nil, grid, notes: []))
      add(.footnotes(cells.footnotes))
    }
    add(.space)
    add(.remark(comparison.explanation))
    for metric in comparison.tables.map(\.unit) {
      if let meaning = metric.meaning { add(.remark("\(metric.id): \(meaning)")) }
    }
    for warning in comparison.tables.flatMap(\.absences) + comparison.notes { add(.remark(warning.message)) }
  }
}

extension Comparison {
  /// What the tables show.
  fileprivate var explanation: String {
    let tests = tables.map { $0.rows.reduce(0) { $0 + $1.cells.count { $0?.change != nil } } }.max() ?? 0
    let adjusted = tests > 1 ? ", adjusted by Holm for \(tests) rows" : ""
    let meaning =
      switch test {
      case .processes: "p: Mann-Whitney"
      case .rounds:
        "vs base: the middle of rounds' ratios (Hodges-Lehmann); p: signed ranks of rounds, for repeated looks"
      }
    return "median ± 95 % by order statistics; \(meaning)\(adjusted); ~: no difference found at \(alpha); detects: the "
      + "least difference that would be found in four of five cases"
  }
}
