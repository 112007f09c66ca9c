import Records

/// The report of a results directory, written into it.
package enum ReportFiles {
  /// Writes `report.md`, `report.html` and the page's charts; returns the names written.
  @discardableResult
  package static func write(_ page: ReportPage, to directory: ResultsDirectory) throws(RecordError) -> [String] {
    for chart in page.charts { try directory.write(chart.svg, to: chart.fileName) }
    try directory.write(Markdown.text(page), to: "report.md")
    try directory.write(HTML.text(page), to: "report.html")
    return ["report.md", "report.html"] + page.charts.map(\.fileName)
  }
}
