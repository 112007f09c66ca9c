import Records
import Statistics

/// What is said to a reader, as values in their order. A page is built once; how it looks is a renderer's matter.
package struct ReportPage: Sendable {
  package enum Block: Sendable {
    /// The title of a part, below that of level 1; only where there is room for headings.
    case heading(String, level: Int)
    /// Figures that stand out; only where there is room for them.
    case headlines([Headline])
    /// A label and what is said of it, at the head of a page or of a part.
    case field(String, String)
    /// Names that belong together, such as those of kernels.
    case names(String, [String])
    /// Begins a section under a title of its own.
    case section(String)
    /// A label and what is said of it, within a section.
    case entry(String, String)
    /// A table under its title, where it has one, with notes below it.
    case table(String?, TextTable, notes: [String])
    /// Numbered notes of the table above.
    case footnotes([String])
    /// A picture, which a screen leaves out.
    case chart(Chart)
    /// Sentences that are read.
    case paragraph(String)
    /// A line that stands as it is.
    case line(String)
    /// Sentences that explain how to read what is above.
    case note(String)
    /// Sentences that explain one thing each, the lines after the first set in.
    case remark(String)
    /// Something that speaks against trusting the figures.
    case warning(Warning)
    /// A command that could be typed again.
    case command(String)
    /// An empty line.
    case space
  }

  /// A picture in SVG, the sentence that it proves, what it shows in figures, and the name of its file where one is written.
  package struct Chart: Sendable {
    package var title: String
    package var sentence: String
    package var svg: String
    package var table: TextTable
    package var fileName: String

    /// Nil where there is nothing to draw.
    init?(_ title: String, _ sentence: String, _ plot: Plot, fileName: String) {
      guard plot.isDrawable else { return nil }
      self.init(title, sentence, PlotSVG.text(plot, title: title), plot.table, fileName)
    }

    init?(_ title: String, _ sentence: String, _ bars: Bars, fileName: String) {
      guard bars.isDrawable else { return nil }
      self.init(title, sentence, bars.svg(title: title), bars.table, fileName)
    }

    private init(_ title: String, _ sentence: String, _ svg: String, _ table: TextTable, _ fileName: String) {
      self.title = title
      self.sentence = sentence
      self.svg = svg
      self.table = table
      self.fileName = fileName
    }
  }

  /// A figure that stands out at the head of a page: what it is, the figure, and what it is of.
  package struct Headline: Sendable {
    package var name: String
    package var figure: String
    package var note: String

    package init(_ name: String, _ figure: String, _ note: String) {
      self.name = name
      self.figure = figure
      self.note = note
    }
  }

  /// How much of a page is wanted: a screen of it, or all.
  package enum Extent: Sendable {
    case brief, full
  }

  private(set) var items: [(block: Block, isDetail: Bool)] = []

  package init() {}

  /// A detail is left out of a brief page.
  package mutating func add(_ block: Block, detail: Bool = false) { items.append((block, detail)) }

  /// A label and what is said of it.
  package mutating func field(_ label: String, _ text: String) { add(.field(label, text)) }

  /// A label, and beside and under it several lines.
  package mutating func fields(_ label: String, _ lines: [String]) {
    for (index, line) in lines.enumerated() { field(index == 0 ? label : "", line) }
  }

  /// A table without notes.
  package mutating func table(_ title: String?, _ table: TextTable) { add(.table(title, table, notes: [])) }

  /// The blocks of an extent, in their order.
  package func blocks(_ extent: Extent) -> [Block] {
    items.filter { extent == .full || !$0.isDetail }.map(\.block)
  }

  package var charts: [Chart] {
    items.compactMap { if case .chart(let chart) = $0.block { chart } else { nil } }
  }
}
