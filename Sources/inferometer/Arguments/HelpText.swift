/// Help of a verb, and of the whole command, within 80 columns.
package enum HelpText {
  package static let width = 80
  private static let indent = 28

  package static func text(_ syntax: Syntax) -> String {
    var lines: [String] = []
    for (index, usage) in syntax.usage.enumerated() {
      let start = index == 0 ? "usage: " : "       "
      lines += wrapped("inferometer \(syntax.verb) \(usage)", first: start, rest: "         ")
    }
    lines += [""] + wrapped(syntax.summary.sentence)
    for group in syntax.groups where !group.options.isEmpty {
      lines += ["", "\(group.title):"]
      for option in group.options { lines += entry(names(option), option.help) }
    }
    if !syntax.ignored.isEmpty {
      let names = syntax.ignored.map { $0.names[0] }.joined(separator: " ")
      lines += [""] + wrapped("Accepted without effect, for llama-bench's command lines: \(names)")
    }
    for note in syntax.notes { lines += [""] + wrapped(note) }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The overview of all verbs and topics.
  package static func overview(
    _ verbs: [Syntax], topics: [(name: String, summary: String)], summary: String, notes: [String]
  ) -> String {
    var lines = ["usage: inferometer [VERB] [OPTION…]", ""] + wrapped(summary)
    lines += ["", "Verbs (inferometer VERB --help says more):"]
    for syntax in verbs { lines += entry(syntax.verb, syntax.summary, indent: 15) }
    lines += ["", "Topics (inferometer help TOPIC):"]
    for topic in topics { lines += entry(topic.name, topic.summary, indent: 15) }
    lines += ["", "Options:"] + entry(names(.help), Option.help.help) + entry(names(.version), Option.version.help)
    for note in notes { lines += [""] + wrapped(note) }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func names(_ option: Option) -> String {
    option.names.joined(separator: ", ") + (option.placeholder.map { " \($0)" } ?? "")
  }

  private static func entry(_ name: String, _ text: String, indent: Int = indent) -> [String] {
    let blank = String(repeating: " ", count: indent)
    let first = "  " + name
    if first.count + 2 > indent { return [first] + wrapped(text, first: blank, rest: blank) }
    return wrapped(text, first: first + blank.dropFirst(first.count), rest: blank)
  }

  private static func wrapped(_ text: String, first: String = "", rest: String = "") -> [String] {
    var lines: [String] = []
    var line = first
    var isEmpty = true
    for word in text.split(separator: " ") {
      if !isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = rest
        isEmpty = true
      }
      line += (isEmpty ? "" : " ") + word
      isEmpty = false
    }
    return lines + [line]
  }
}

extension String {
  fileprivate var sentence: String { prefix(1).uppercased() + dropFirst() + "." }
}
