import Testing
import inferometer

struct HelpTextTests {
  static let long = Option("-x", "--a-very-long-option-name-indeed", value: "VALUE", help: "what it does")
  static let wordy = Option("--wordy", help: String(repeating: "many words ", count: 30))
  static let syntax = Syntax(
    "try", summary: "try something", usage: ["FILE", "--other FILE"],
    groups: [OptionGroup("Options", [long, wordy])], ignored: [Option("-ngl", value: "N", help: "")], notes: ["A note."]
  )

  @Test func everyOptionIsShownWithin80Columns() {
    let text = HelpText.text(Self.syntax)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 && $0.last != " " })
    for part in [
      "usage: inferometer try FILE\n", "Try something.", "--a-very-long-option-name-indeed VALUE\n", "-ngl", "--json",
      "A note.",
    ] {
      #expect(text.contains(part), "\(part)")
    }
  }

  @Test func theOverviewNamesEveryVerb() {
    let text = HelpText.overview([Self.syntax], topics: [("reading", "what it means")], summary: "Tries.", notes: [])
    #expect(text.contains("\n  try          try something\n") && text.contains("\n  reading      what it means\n"))
  }
}
