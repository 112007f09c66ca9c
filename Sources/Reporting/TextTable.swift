import Records

/// Rows of text in columns, as wide as their content and never wider than the page.
package struct TextTable {
  package struct Column {
    package var title: String
    package var isText = false
    /// Left out where the page is too narrow.
    package var isOptional = false

    package init(title: String, isText: Bool = false, isOptional: Bool = false) {
      self.title = title
      self.isText = isText
      self.isOptional = isOptional
    }
  }

  package var columns: [Column]
  package var rows: [[String]] = []

  package init(_ columns: [Column]) { self.columns = columns }

  /// A text column is on the left, a column of figures on the right.
  package static func text(_ title: String) -> Column { Column(title: title, isText: true) }
  package static func figure(_ title: String) -> Column { Column(title: title) }

  package mutating func add(_ cells: [String]) {
    // As many cells as columns, whatever the caller has.
    rows.append(columns.indices.map { $0 < cells.count ? cells[$0].printable : "" })
  }

  /// Lines of at most `width` columns. What does not fit costs the optional columns first, then the widest text.
  package func lines(width: Int, ink: Ink, indent: String = "  ") -> [String] {
    var table = self
    while table.excess(of: table.naturalWidths, over: width - indent.columns) > 0,
      let last = table.columns.lastIndex(where: \.isOptional)
    {
      table.columns.remove(at: last)
      for row in table.rows.indices { table.rows[row].remove(at: last) }
    }
    return table.fittedLines(width: width, ink: ink, indent: indent)
  }

  /// The same table in Markdown.
  package func markdown() -> [String] {
    func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |" }
    return [line(columns.map(\.title.markdownCell)), line(columns.map { $0.isText ? "---" : "---:" })]
      + rows.map { line($0.map(\.markdownCell)) }
  }

  private static let gap = "  "

  private func fittedLines(width: Int, ink: Ink, indent: String) -> [String] {
    let widths = fitted(to: width - indent.columns)
    func line(_ cells: [String]) -> String {
      let parts = zip(cells, zip(columns, widths)).map { cell, layout in
        cell.fitted(layout.1).padded(layout.1, right: !layout.0.isText)
      }
      let text = indent + parts.joined(separator: Self.gap)
      return String(text.reversed().drop { $0 == " " }.reversed())
    }
    return [ink.faint(line(columns.map(\.title)))] + rows.map(line)
  }

  private var naturalWidths: [Int] {
    columns.indices.map { index in
      rows.reduce(columns[index].title.columns) { max($0, index < $1.count ? $1[index].columns : 0) }
    }
  }

  private func excess(of widths: [Int], over width: Int) -> Int {
    widths.reduce(0, +) + Self.gap.columns * max(0, columns.count - 1) - width
  }

  private func fitted(to width: Int) -> [Int] {
    var widths = naturalWidths
    var excess = excess(of: widths, over: width)
    while excess > 0 {
      let shrinkable = columns.indices.filter { columns[$0].isText && widths[$0] > 8 }
      let candidates = shrinkable.isEmpty ? Array(columns.indices.filter { widths[$0] > 1 }) : shrinkable
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
      excess -= 1
    }
    return widths
  }
}
