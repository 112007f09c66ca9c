/// A table of groups in the shape of Go's benchstat: a line of groups, a line of columns, the rows.
extension TextTable {
  func groupedLines(_ columns: [Column], _ rows: [[String]]) -> [String] {
    let widths = Self.widths(columns, rows)
    let nameWidth = rows.map { $0[0].columns }.max() ?? 0
    var places: [Range<Int>] = []
    for group in groups {
      let start = places.last?.upperBound ?? 1
      places.append(start..<min(start + group.columns, columns.count))
    }
    let blocks = zip(groups, places).map { group, place in
      max(widths[place].reduce(0) { $0 + $1 + Self.gap.columns } - Self.gap.columns, group.title.columns)
    }
    func block(_ group: Int, _ cells: [String]) -> String {
      places[group].map { cells[$0].padded(widths[$0], right: !columns[$0].isText) }.joined(separator: Self.gap)
        .padded(blocks[group])
    }
    func line(_ name: String, _ parts: [String], between: String, end: String) -> String {
      (name.padded(nameWidth) + between + parts.joined(separator: between) + end).withoutTrailingSpace
    }
    let titles = groups.indices.map { groups[$0].title.centred(blocks[$0]) }
    let heads = groups.indices.map { block($0, columns.map(\.title)) }
    return [line("", titles, between: " │ ", end: " │"), line("", heads, between: " │ ", end: " │")]
      + rows.map { row in line(row[0], groups.indices.map { block($0, row) }, between: "   ", end: "") }
  }
}

extension String {
  fileprivate func centred(_ width: Int) -> String {
    padded(columns + Swift.max(0, width - columns) / 2, right: true).padded(width)
  }
}
