import CMachine
import Glibc
import Quantities
import Records
import Reporting

@main enum Start {
  static func main() {
    // A reader that stops reading ends this quietly, also where a parent process had the signal ignored.
    signal(SIGPIPE, SIG_DFL)
    Signals.unblock(SIGPIPE)
    do {
      try run(try CommandLineWords.read())
    } catch {
      let failure = Failure(error)
      Console.clearProgress()
      if let message = failure.message { Console.note(message) }
      exit(failure.code.rawValue)
    }
  }

  private static func run(_ words: [String]) throws {
    let first = words.first ?? ""
    if ["--help", "-h", "help"].contains(first) {
      guard words.count > 1 else {
        return try Console.print(
          HelpText.overview(
            Verbs.all.map { $0.syntax }, topics: HelpTopic.all.map { ($0.name, $0.summary) }, summary: summary,
            notes: notes))
      }
      if words[1] == "man" {
        return try Console.print(
          CompletionText.manual(Verbs.all.map { $0.syntax }, summary: summary, notes: notes, version: Version.current))
      }
      if let topic = HelpTopic.all.first(where: { $0.name == words[1] }) { return try Console.show(topic.page) }
      guard let verb = Verbs.named(words[1]) else { throw unknownVerb(words[1], besides: HelpTopic.all.map(\.name)) }
      return try Console.print(HelpText.text(verb.syntax))
    }
    if first == "--version" { return try Console.print("inferometer \(Version.current)\n") }
    if let verb = Verbs.named(first) { return try run(verb, Array(words.dropFirst())) }
    guard first.isEmpty || first.hasPrefix("-") else { throw unknownVerb(first) }
    try run(Verbs.all[0], words)
  }

  private static func run(_ verb: any Verb.Type, _ words: [String]) throws {
    let arguments = try Arguments(words, verb.syntax)
    if arguments.contains(.help) { return try Console.print(HelpText.text(verb.syntax)) }
    if !arguments.ignored.isEmpty {
      Console.note(
        "\(arguments.ignored.joined(separator: " ")): accepted without effect, this engine has no such choice")
    }
    try verb.run(arguments)
  }

  private static func unknownVerb(_ word: String, besides topics: [String] = []) -> UsageError {
    let names = Verbs.all.map { $0.syntax.verb } + topics
    if word.lowercased().hasSuffix(".gguf") {
      return UsageError("'\(word)'", "is not a verb; write inferometer measure -m \(word)")
    }
    let advice =
      nearest(word, among: names).map { "did you mean \($0)?" } ?? "there are \(names.joined(separator: " "))"
    return UsageError("'\(word)'", "there is no such \(topics.isEmpty ? "verb" : "verb or topic"); \(advice)")
  }

  private static let summary = """
    Measures what a generated token costs on this computer's processors: operations, bytes, seconds, joules and money, for a \
    GGUF model or for the shape of a well-known one with random weights.
    """

  private static let notes = [
    "Without a verb: measure. Results go to standard output, progress and errors to standard error.",
    "Exit status: 0 done, 1 failure, 2 a regression was found, 5 no baseline, 64 wrong usage, 65 unusable data, "
      + "130 interrupted.",
  ]
}

/// The words after the command's name, exactly as they were given.
enum CommandLineWords {
  static func read() throws(UsageError) -> [String] {
    var words: [String] = []
    var index: CInt = 1
    while let bytes = machine_argument(index) {
      // Repairing what is not UTF-8 would change a text or name another file.
      guard let word = String(validatingCString: bytes) else {
        throw UsageError("argument \(index)", "is not UTF-8; put such a text into a file and name it with --file")
      }
      words.append(word)
      index += 1
    }
    return words
  }
}

/// What this build is called in records, in tables and by `--version`.
enum Version {
  static let current = "0.2.0"

  /// llama-bench's tables name a commit and count builds; a released version has neither.
  static let build = LlamaBenchRow.Build(commit: "inferometer-\(current)", number: 0)
}
