import Machine
import Reporting

/// `doctor`: what on this machine would disturb a measurement, and what helps.
enum Doctor: Verb {
  static let syntax = Syntax(
    "doctor", summary: "check what would disturb a measurement on this computer, and say what helps",
    usage: ["[OPTION…]"], groups: [],
    notes: [
      "ok: it will not disturb. warn: it may, and what helps stands below. unknown: it could not be read, and why."
    ])

  static func run(_ arguments: Arguments) throws {
    let checks = Check.all()
    if arguments.contains(.json) { return try Console.print(JSONText.of(checks, pretty: true)) }
    var page = ReportPage()
    for check in checks {
      page.field(check.state.rawValue, "\(check.name): \(check.finding)")
      if let action = check.action { page.field("", "→ \(action)") }
    }
    try Console.show(page)
  }
}
