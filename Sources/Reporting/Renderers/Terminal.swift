import Records

/// A page as plain text of a given width, brief enough for a screen.
package enum Terminal {
  package static func text(_ page: ReportPage, width: Int = 80, style: TextStyle = .plain) -> String {
    let writer = Writer(width: max(40, width), style: style)
    return page.blocks(.brief).flatMap(writer.lines).joined(separator: "\n") + "\n"
  }

  private struct Writer {
    let width: Int
    let style: TextStyle

    private static let margin = 10
    /// Nothing that a person wrote needs more lines than this.
    private static let longestParagraph = 8

    func lines(_ block: ReportPage.Block) -> [String] {
      switch block {
      case .heading, .headlines, .chart: return []
      case .field(let label, let text): return labelled(label, text, emphasis: style.bold)
      case .names(let label, let names): return labelled(label, names.joined(separator: ", "), emphasis: style.bold)
      case .section(let title): return ["", style.bold(title)]
      case .entry(let label, let text): return labelled("  " + label, text) { $0 }
      case .table(let title, let table, let notes):
        return (title.map { ["", style.bold($0)] } ?? [])
          + table.lines(width: width, style: style, indent: title == nil ? "" : "  ")
          + notes.flatMap { $0.printable.wrapped(width - 4, indent: "  ").map { "  " + $0 } }
      case .footnotes(let notes): return notes.map(\.printable)
      case .paragraph(let text): return text.printable.wrapped(width)
      case .line(let text): return [text.printable]
      case .note(let text): return text.printable.wrapped(width).map(style.faint)
      case .remark(let text): return text.printable.wrapped(width, indent: "  ")
      case .warning(let warning):
        let parts = warning.message.printable.wrapped(width - 2).prefix(Self.longestParagraph)
        return parts.enumerated().map { index, part in style.warning((index == 0 ? "! " : "  ") + part) }
      case .command(let text): return ["", "    " + text.printable]
      case .space: return [""]
      }
    }

    /// A label, and beside it the text in a column of its own.
    private func labelled(_ label: String, _ text: String, emphasis: (String) -> String) -> [String] {
      text.printable.wrapped(width - Self.margin).prefix(Self.longestParagraph).enumerated().map { index, part in
        let start = index == 0 ? label : ""
        return emphasis(start) + String(repeating: " ", count: max(0, Self.margin - start.columns)) + part
      }
    }
  }
}
