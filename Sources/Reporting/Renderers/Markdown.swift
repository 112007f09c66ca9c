import Records

/// A page in Markdown, with every column and detail. Nothing in a page can become markup of its own.
package enum Markdown {
  package static func text(_ page: ReportPage) -> String {
    var lines: [String] = []
    for block in page.blocks(.full) {
      let next = self.lines(block)
      // A list and what follows it, and the other way round, need a line between them.
      if let last = lines.last, let first = next.first, !last.isEmpty, !first.isEmpty,
        !last.isItem || !first.isItem
      {
        lines.append("")
      }
      lines += next
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func lines(_ block: ReportPage.Block) -> [String] {
    switch block {
    case .heading(let title, let level): [String(repeating: "#", count: level) + " \(title.markdownCell)", ""]
    case .field(let label, let text), .entry(let label, let text): [item(label, text.markdownCell)]
    case .names(let label, let names):
      [item(label, names.map { "`\($0.printable.replacing("`", with: ""))`" }.joined(separator: ", "))]
    case .section(let title): ["### \(title.markdownCell)", ""]
    case .table(let title, let table, let notes):
      (title.map { ["### \($0.markdownCell)", ""] } ?? []) + table.markdown()
        + (notes.isEmpty ? [] : [""] + notes.map { "- \($0.markdownCell)" })
    case .footnotes(let notes): notes.isEmpty ? [] : [""] + notes.map { "\($0.markdownCell)  " }
    case .headlines(let figures): figures.map { item($0.name, "**\($0.figure.markdownCell)** \($0.note.markdownCell)") }
    case .chart(let chart):
      ["![\(chart.title.markdownCell)](\(chart.fileName))", "", chart.sentence.markdownCell, ""]
    case .paragraph(let text), .note(let text), .remark(let text): [text.markdownCell, ""]
    case .line(let text): ["- \(text.markdownCell)"]
    case .warning(let warning): ["- Warning: \(warning.message.markdownCell)"]
    case .command(let text): ["    \(text.printable)"]
    case .space: []
    }
  }

  private static func item(_ label: String, _ text: String) -> String {
    label.isEmpty ? "  - \(text)" : "- \(label.markdownCell.capitalizedFirst): \(text)"
  }
}

extension String {
  fileprivate var isItem: Bool { hasPrefix("- ") || hasPrefix("  - ") }

  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
