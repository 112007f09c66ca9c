import Reporting

/// A page of `inferometer help TOPIC`: sections of paragraphs under titles.
struct HelpTopic {
  let name: String
  /// One line, without a full stop.
  let summary: String
  let sections: [(title: String, paragraphs: [String])]

  static let all = [reading, energy, records, scenarios, scripting, fleets]

  var page: ReportPage {
    var page = ReportPage()
    page.add(.paragraph("\(name): \(summary)"))
    for section in sections {
      page.add(.section(section.title))
      for (index, paragraph) in section.paragraphs.enumerated() {
        if index > 0 { page.add(.space) }
        page.add(.paragraph(paragraph))
      }
    }
    return page
  }
}
