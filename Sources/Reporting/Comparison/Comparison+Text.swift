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
      let cells = ComparisonCells(table, sides: sides.count)
      var columns = [TextTable.text("test")]
      for (index, side) in sides.enumerated() {
        columns.append(TextTable.figure("\(side) \(table.unit.rawValue)"))
        if index > 0 { columns += [TextTable.text("vs base"), TextTable.figure("detects")] }
      }
      var grid = TextTable(columns)
      for line in cells.lines {
        grid.add(
          [line.name] + line.cells.enumerated().flatMap { $0 == 0 ? [$1.value] : [$1.value, $1.change, $1.detectable] })
      }
      lines += [""] + grid.markdown() + [""]
      lines += cells.footnotes.enumerated().map { "\(ComparisonCells.superscript($0 + 1)) \($1)  " }
    }
    lines += [""] + foot.map { "\($0.markdownCell)\n" }
    return lines.joined(separator: "\n")
  }

  private var headLines: [String] {
    common.map { "\($0.name): \($0.values.first ?? "")".printable }
      + differing.map { fact in
        "\(fact.name): differs: ".printable
          + zip(sides, fact.values).map { "\($0) \($1)".printable }.joined(separator: ", ")
      }
  }

  private var foot: [String] {
    let tests = tables.map { $0.rows.reduce(0) { $0 + $1.cells.count { $0?.change != nil } } }.max() ?? 0
    let adjusted = tests > 1 ? ", adjusted by Holm for \(tests) rows" : ""
    return [
      "median ± 95 % by order statistics; p: Mann-Whitney\(adjusted); ~: no difference found at \(Self.alpha); detects: the "
        + "least difference that would be found in four of five cases"
    ] + tables.compactMap { table in table.unit.meaning.map { "\(table.unit.rawValue): \($0)" } }
      + (tables.flatMap(\.absences) + notes).map { $0.message.printable }
  }

  private static func lines(of table: Table, sides: [String]) -> [String] {
    let cells = ComparisonCells(table, sides: sides.count)
    let nameWidth = cells.lines.map(\.name.columns).max() ?? 0
    func width(_ part: (ComparisonCells.Line) -> String, _ title: String) -> Int {
      cells.lines.reduce(title.columns) { max($0, part($1).columns) }
    }
    let unit = table.unit.rawValue
    // One column for the base, three for what is set against it.
    let columns: [[(title: String, part: (ComparisonCells.Line) -> String, isFigure: Bool)]] = sides.indices.map {
      side in
      let value = (unit, { (line: ComparisonCells.Line) in line.cells[side].value }, true)
      let change = ("vs base", { (line: ComparisonCells.Line) in line.cells[side].change }, false)
      let detectable = ("detects", { (line: ComparisonCells.Line) in line.cells[side].detectable }, true)
      return side == 0 ? [value] : [value, change, detectable]
    }
    let widths = columns.map { block in block.map { width($0.part, $0.title) } }
    let blocks = sides.indices.map { side in
      max(widths[side].reduce(0, +) + 2 * (widths[side].count - 1), sides[side].printable.columns)
    }
    func line(_ name: String, _ parts: [String], bars: Bool) -> String {
      let gap = bars ? " │ " : "   "
      let text = name.padded(nameWidth) + gap + parts.joined(separator: gap) + (bars ? " │" : "")
      return String(text.reversed().drop { $0 == " " }.reversed())
    }
    func block(_ side: Int, _ cells: [String]) -> String {
      zip(cells, zip(columns[side], widths[side])).map { $0.padded($1.1, right: $1.0.isFigure) }
        .joined(separator: "  ").padded(blocks[side])
    }
    var lines = [
      line("", sides.indices.map { sides[$0].printable.centred(blocks[$0]) }, bars: true),
      line("", sides.indices.map { block($0, columns[$0].map(\.title)) }, bars: true),
    ]
    for row in cells.lines {
      lines.append(
        line(row.name, columns.indices.map { side in block(side, columns[side].map { $0.part(row) }) }, bars: false))
    }
    return lines + cells.footnotes.enumerated().map { "\(ComparisonCells.superscript($0 + 1)) \($1)" }
  }
}

extension String {
  fileprivate func centred(_ width: Int) -> String {
    padded(columns + Swift.max(0, width - columns) / 2, right: true).padded(width)
  }
}
