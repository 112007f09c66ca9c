import Records

/// The report of a results directory, written into it.
package enum ReportFiles {
  /// Writes `report.md` and a `decode.svg` for each subject that has a curve; returns the names written.
  @discardableResult
  package static func write(_ summary: Summary, to directory: ResultsDirectory) throws(RecordError) -> [String] {
    var charts: [Int: String] = [:]
    for (index, subject) in summary.subjects.enumerated() {
      guard let svg = DecodeChart.svg(subject) else { continue }
      let name = index == 0 ? "decode.svg" : "decode-\(index + 1).svg"
      try directory.write(svg, to: name)
      charts[index] = name
    }
    try directory.write(MarkdownReport.text(summary, charts: charts), to: "report.md")
    return ["report.md"] + charts.values.sorted()
  }
}
