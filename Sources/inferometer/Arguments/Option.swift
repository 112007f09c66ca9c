/// An option of a verb: how it is spelt, whether it takes a value, and what help says of it.
package struct Option: Sendable, Hashable {
  /// All spellings, with their dashes.
  package let names: [String]
  /// What stands for the value in help; nil for a flag.
  package let placeholder: String?
  package let help: String

  package init(_ names: String..., value placeholder: String? = nil, help: String) {
    self.names = names
    self.placeholder = placeholder
    self.help = help
  }

  /// The long name where there is one: what errors are easiest to understand by.
  package var name: String { names.first { $0.hasPrefix("--") } ?? names[0] }

  package static func == (a: Option, b: Option) -> Bool { a.names == b.names }
  package func hash(into hasher: inout Hasher) { hasher.combine(names) }
}

/// Options that help shows together.
package struct OptionGroup: Sendable {
  package let title: String
  package let options: [Option]

  package init(_ title: String, _ options: [Option]) {
    self.title = title
    self.options = options
  }
}

/// What a verb's command line may hold, and its help.
package struct Syntax: Sendable {
  package let verb: String
  /// One line, without a full stop.
  package let summary: String
  /// What follows the verb in a usage line.
  package let usage: [String]
  package let groups: [OptionGroup]
  /// What each word that belongs to no option is called. There may be as many words as names, or more where the last name ends
  /// with an ellipsis.
  package let operands: [String]
  /// Accepted with a note, so that command lines made for llama-bench run: they choose among devices or ways to load that are not here.
  package let ignored: [Option]
  package let notes: [String]

  package init(
    _ verb: String, summary: String, usage: [String], groups: [OptionGroup], operands: [String] = [],
    ignored: [Option] = [], notes: [String] = []
  ) {
    self.verb = verb
    self.summary = summary
    self.usage = usage
    self.groups = groups + [OptionGroup("Other", [.json, .help])]
    self.operands = operands
    self.ignored = ignored
    self.notes = notes
  }

  var options: [Option] { groups.flatMap(\.options) }
  var takesManyOperands: Bool { operands.last?.hasSuffix("…") ?? false }
}

extension Option {
  package static let json = Option("--json", help: "print JSON instead of text")
  package static let help = Option("-h", "--help", help: "show this text")
  package static let version = Option("--version", help: "show the version")
}
