import Records

/// Rows of text in columns. A unit stands in a column's title, so that cells are figures.
package struct TextTable: Sendable {
  package struct Column: Sendable {
    package enum Shown: Sendable {
      case always
      /// Left out where the page is too narrow.
      case whereRoom
      /// Left out of a brief page, or of a full one.
      case inFull, inBrief
    }

    package var title: String
    package var isText: Bool
    package var shown: Shown

    package init(_ title: String, isText: Bool = false, shown: Shown = .always) {
      self.title = title
      self.isText = isText
      self.shown = shown
    }
  }

  /// The text of a cell on a full page, and on a brief one.
  package struct Cell: Sendable, ExpressibleByStringInterpolation {
    var full: String
    var brief: String

    package init(_ full: String, brief: String? = nil) {
      self.full = full.printable
      self.brief = brief?.printable ?? self.full
    }

    package init(stringLiteral text: String) { self.init(text) }
  }

  /// Columns under one title, behind the first column, which names the rows.
  package struct Group: Sendable {
    package var title: String
    package var columns: Int
  }

  package var columns: [Column]
  package private(set) var rows: [[Cell]] = []
  /// Empty where columns stand for themselves.
  package var groups: [Group] = []

  package init(_ columns: [Column]) { self.columns = columns }

  /// A text column is on the left, a column of figures on the right.
  package static func text(_ title: String) -> Column { Column(title, isText: true) }
  package static func figure(_ title: String) -> Column { Column(title) }

  package mutating func add(_ cells: [String]) { add(cells.map { Cell($0) }) }

  package mutating func add(_ cells: [Cell]) {
    // As many cells as columns, whatever the caller has.
    rows.append(columns.indices.map { $0 < cells.count ? cells[$0] : "" })
  }

  /// The columns of an extent and its rows, each with as many texts as there are columns.
  func view(_ extent: ReportPage.Extent) -> (columns: [Column], rows: [[String]]) {
    let hidden: Column.Shown = extent == .full ? .inBrief : .inFull
    let kept = columns.indices.filter { columns[$0].shown != hidden }
    return (
      kept.map { columns[$0] }, rows.map { row in kept.map { extent == .full ? row[$0].full : row[$0].brief } }
    )
  }

  /// Lines of at most `width` columns. What does not fit costs the columns that need room first, then the widest text and title
  /// go on in further lines, then whole columns from the right. A
  /// table of groups has lines as long as they are.
  package func lines(width: Int, style: TextStyle, indent: String = "  ") -> [String] {
    var (columns, rows) = view(.brief)
    if !groups.isEmpty { return groupedLines(columns, rows) }
    while Self.excess(Self.widths(columns, rows), over: width - indent.columns) > 0,
      let last = columns.lastIndex(where: { $0.shown == .whereRoom })
    {
      columns.remove(at: last)
      for row in rows.indices { rows[row].remove(at: last) }
    }
    var widths = Self.fitted(columns, rows, to: width - indent.columns)
    // A narrow screen has whole columns rather than halves of figures.
    while columns.count > 1, widths.reduce(Self.gap.columns * (widths.count - 1), +) > width - indent.columns {
      columns.removeLast()
      for row in rows.indices { rows[row].removeLast() }
      widths = Self.fitted(columns, rows, to: width - indent.columns)
    }
    /// A row, in as many lines as its longest text needs; figures are never cut.
    func lines(_ cells: [String]) -> [String] {
      let parts = zip(cells, widths).map { cell, width in
        cell.columns <= width ? [cell] : cell.wrapped(width)
      }
      return (0..<(parts.map(\.count).max() ?? 0)).map { number in
        let words = zip(parts, zip(columns, widths)).map { part, layout in
          (number < part.count ? part[number] : "").padded(layout.1, right: !layout.0.isText)
        }
        return (indent + words.joined(separator: Self.gap)).withoutTrailingSpace
      }
    }
    return lines(columns.map(\.title)).map(style.faint) + rows.flatMap(lines)
  }

  /// All columns of a full page. The title of a group stands before that of its first column.
  package var fullView: (columns: [Column], rows: [[String]]) {
    var (columns, rows) = view(.full)
    var place = 1
    for group in groups where place < columns.count {
      columns[place].title = "\(group.title) \(columns[place].title)"
      place += group.columns
    }
    return (columns, rows)
  }

  /// The whole table in Markdown.
  package func markdown() -> [String] {
    let (columns, rows) = fullView
    func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |" }
    return [line(columns.map(\.title.markdownCell)), line(columns.map { $0.isText ? "---" : "---:" })]
      + rows.map { line($0.map(\.markdownCell)) }
  }

  static let gap = "  "

  static func widths(_ columns: [Column], _ rows: [[String]]) -> [Int] {
    columns.indices.map { index in rows.reduce(columns[index].title.columns) { max($0, $1[index].columns) } }
  }

  private static func excess(_ widths: [Int], over width: Int) -> Int {
    widths.reduce(0, +) + gap.columns * max(0, widths.count - 1) - width
  }

  private static func fitted(_ columns: [Column], _ rows: [[String]], to width: Int) -> [Int] {
    var widths = widths(columns, rows)
    var excess = excess(widths, over: width)
    // A figure needs all its digits; its title may go on in further lines.
    let least = columns.indices.map { index in
      columns[index].isText ? 8 : rows.reduce(1) { max($0, $1[index].columns) }
    }
    while excess > 0 {
      let shrinkable = columns.indices.filter { widths[$0] > least[$0] }
      guard let widest = shrinkable.max(by: { widths[$0] - least[$0] < widths[$1] - least[$1] }) else { break }
      widths[widest] -= 1
      excess -= 1
    }
    return widths
  }
}
