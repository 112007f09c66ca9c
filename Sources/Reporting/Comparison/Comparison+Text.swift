extension Comparison {
  /// In the shape of Go's benchstat.
  package var text: String {
    var lines = headLines
    for table in tables where !table.rows.isEmpty { lines += [""] + Self.lines(of: table, sides: sides) }
    return (lines + [""] + foot.flatMap { $0.wrapped(80, indent: "  ") }).joined(separator: "\n") + "\n"
  }

  /// What the tables say in Markdown.
  package var markdown: String {
    var lines = headLines.map { "- \($0.markdownCell)" }
    for table in tables where !table.rows.isEmpty {
      let cells = ComparisonCells(table)
      var grid = TextTable(
        [TextTable.text("test")]
          + sides.enumerated().flatMap { side, label in
            var columns = ComparisonCells.columns(of: side, unit: table.unit)
            columns[0].title = "\(label) \(columns[0].title)"
            return columns
          })
      for row in cells.rows { grid.add([row.name] + row.cells.flatMap(\.self)) }
      lines += [""] + grid.markdown() + [""] + cells.footnotes.map { $0 + "  " }
    }
    lines += [""] + foot.map { "\($0.markdownCell)\n" }
    return lines.joined(separator: "\n")
  }

  private var headLines: [String] {
    common.map { "\($0.name): \($0.values.first ?? "")".printable }
      + differing.map { fact in
        "\(fact.name): differs: ".printable
          + zip(sides, fact.values).map { "\($0) \($1.isEmpty ? "not" : $1)".printable }.joined(separator: ", ")
      }
  }

  private var foot: [String] {
    let tests = tables.map { $0.rows.reduce(0) { $0 + $1.cells.count { $0?.change != nil } } }.max() ?? 0
    let adjusted = tests > 1 ? ", adjusted by Holm for \(tests) rows" : ""
    return [
      "median ± 95 % by order statistics; \(meaning)\(adjusted); ~: no difference found at \(Self.alpha); detects: the "
        + "least difference that would be found in four of five cases"
    ] + tables.compactMap { table in table.unit.meaning.map { "\(table.unit.rawValue): \($0)" } }
      + (tables.flatMap(\.absences) + notes).map { $0.message.printable }
  }

  private var meaning: String {
    switch test {
    case .processes: "p: Mann-Whitney"
    case .rounds:
      "vs base: the middle of rounds' ratios (Hodges-Lehmann); p: signed ranks of rounds, for repeated looks"
    }
  }

  private static func lines(of table: Table, sides: [String]) -> [String] {
    let cells = ComparisonCells(table)
    let groups = sides.enumerated().map { side, label in
      GroupedTable.Group(title: label.printable, columns: ComparisonCells.columns(of: side, unit: table.unit))
    }
    return GroupedTable(groups: groups, rows: cells.rows).lines() + cells.footnotes
  }
}
