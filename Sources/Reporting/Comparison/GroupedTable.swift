/// Rows of text under groups of columns, in the shape of Go's benchstat: a line of groups, a line of columns, the rows.
struct GroupedTable {
  struct Group {
    var title: String
    var columns: [TextTable.Column]
  }

  var groups: [Group]
  /// Each with its name and a cell for every column of every group.
  var rows: [(name: String, cells: [[String]])]

  func lines() -> [String] {
    let nameWidth = rows.map(\.name.columns).max() ?? 0
    let widths = groups.indices.map(widths)
    let blocks = groups.indices.map { group in
      max(widths[group].reduce(0) { $0 + $1 + Self.gap.columns } - Self.gap.columns, groups[group].title.columns)
    }
    func block(_ group: Int, _ cells: [String]) -> String {
      zip(cells, zip(groups[group].columns, widths[group])).map { cell, column in
        cell.padded(column.1, right: !column.0.isText)
      }.joined(separator: Self.gap).padded(blocks[group])
    }
    func line(_ name: String, _ parts: [String], between: String, end: String) -> String {
      let text = name.padded(nameWidth) + between + parts.joined(separator: between) + end
      return String(text.reversed().drop { $0 == " " }.reversed())
    }
    let titles = groups.indices.map { groups[$0].title.centred(blocks[$0]) }
    let heads = groups.indices.map { block($0, groups[$0].columns.map(\.title)) }
    return [line("", titles, between: " │ ", end: " │"), line("", heads, between: " │ ", end: " │")]
      + rows.map { row in line(row.name, groups.indices.map { block($0, row.cells[$0]) }, between: "   ", end: "") }
  }

  private static let gap = "  "

  private func widths(of group: Int) -> [Int] {
    groups[group].columns.enumerated().map { place, column in
      rows.reduce(column.title.columns) { max($0, $1.cells[group][place].columns) }
    }
  }
}

extension String {
  fileprivate func centred(_ width: Int) -> String {
    padded(columns + Swift.max(0, width - columns) / 2, right: true).padded(width)
  }
}
