import Quantities

/// A parsed command line. Values are read by type, and an error names the option as it was typed.
package struct Arguments: Sendable {
  package struct Occurrence: Sendable, Equatable {
    package let option: Option
    /// As it was typed.
    package let name: String
    /// Empty for a flag.
    package let value: String
  }

  package private(set) var occurrences: [Occurrence] = []
  package private(set) var operands: [String] = []
  /// Names, as typed, of options that are accepted and have no effect.
  package private(set) var ignored: [String] = []

  /// The options of `words` by `syntax`. `--` ends them; a value may be joined to its option by `=`.
  package init(_ words: [String], _ syntax: Syntax) throws(UsageError) {
    var known: [String: Option] = [:]
    for option in syntax.options + syntax.ignored { for name in option.names { known[name] = option } }
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "--" {
        operands += rest
        break
      }
      let equals = word.firstIndex(of: "=")
      let typed = String(word[..<(equals ?? word.endIndex)])
      // No option has a space in it; a quoted command line has.
      guard word.hasPrefix("-"), word != "-", !typed.contains(" ") else {
        operands.append(word)
        continue
      }
      // llama-bench takes underscores for dashes in long options.
      let name = typed.hasPrefix("--") ? typed.replacing("_", with: "-") : typed
      guard let option = known[name] else { throw Self.unknown(typed, known.keys, syntax) }
      var value = equals.map { String(word[word.index(after: $0)...]) }
      if let placeholder = option.placeholder {
        if value == nil, let next = rest.first, known[next] == nil { value = rest.popFirst() }
        guard value != nil else { throw UsageError(typed, "needs a value; write \(typed) \(placeholder)") }
      } else if value != nil {
        throw UsageError(typed, "takes no value; leave out what follows =")
      }
      if syntax.ignored.contains(option) {
        ignored.append(typed)
      } else {
        occurrences.append(Occurrence(option: option, name: typed, value: value ?? ""))
      }
    }
    if operands.count > syntax.operands.count, !syntax.takesManyOperands, !contains(.help) {
      let expected =
        syntax.operands.isEmpty
        ? "an option's value needs its option before it"
        : "only \(syntax.operands.joined(separator: " ")) may stand alone"
      throw UsageError(
        "'\(operands[syntax.operands.count])'", "is not expected; \(expected), see inferometer \(syntax.verb) --help")
    }
  }

  private static func unknown(
    _ typed: String, _ known: some Sequence<String>, _ syntax: Syntax
  ) -> UsageError {
    let help = "see inferometer \(syntax.verb) --help"
    let advice = nearest(typed, among: known).map { "did you mean \($0)? \(help)" } ?? help
    return UsageError(typed, "there is no such option; \(advice)")
  }

  package func contains(_ option: Option) -> Bool { occurrences.contains { $0.option == option } }

  /// The last occurrence, which is the one that counts for options with one value.
  package func last(_ option: Option) -> Occurrence? { occurrences.last { $0.option == option } }

  package func string(_ option: Option) -> String? { last(option)?.value }

  package func integer(_ option: Option, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
    guard let occurrence = last(option) else { return nil }
    guard let value = Int(occurrence.value) else {
      throw occurrence.error("is not a whole number; give one from \(Self.text(range))")
    }
    guard range.contains(value) else { throw occurrence.error("is out of range; give \(Self.text(range))") }
    return value
  }

  package func number(_ option: Option, in range: ClosedRange<Double>) throws(UsageError) -> Double? {
    guard let occurrence = last(option) else { return nil }
    guard let value = Double(occurrence.value), value.isFinite else {
      throw occurrence.error("is not a number; give one from \(range.lowerBound) to \(range.upperBound)")
    }
    guard range.contains(value) else {
      throw occurrence.error("is out of range; give \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// `2` or `2%` as a share; nil where the option was not given.
  package func percentage(_ option: Option) throws(UsageError) -> Double? {
    guard let occurrence = last(option) else { return nil }
    let text = occurrence.value.hasSuffix("%") ? String(occurrence.value.dropLast()) : occurrence.value
    guard let value = Double(text), (0...1000).contains(value) else {
      throw occurrence.error("is not a percentage; give one from 0 to 1000")
    }
    return value / 100
  }

  /// `90s`, `30m`, `1h`, or a number of seconds; nil where the option was not given.
  package func seconds(_ option: Option, atLeast least: Double = 0.001) throws(UsageError) -> Double? {
    guard let occurrence = last(option) else { return nil }
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
    let unit = occurrence.value.last.flatMap { units[$0] }
    guard let value = Double(unit == nil ? occurrence.value : String(occurrence.value.dropLast())),
      (least...1e7).contains(value * (unit ?? 1))
    else { throw occurrence.error("is not a time of \(least.significant(1)) s or more; give 90s, 30m or 1h") }
    return value * (unit ?? 1)
  }

  /// All values of an option that may be repeated and may hold lists and ranges; nil where it was not given.
  package func integers(_ option: Option, in range: ClosedRange<Int>) throws(UsageError) -> [Int]? {
    var values: [Int] = []
    for occurrence in occurrences where occurrence.option == option {
      let list: NumberList
      do {
        list = try NumberList(occurrence.value)
      } catch {
        throw occurrence.error(error.description)
      }
      if let bad = list.values.first(where: { !range.contains($0) }) {
        throw occurrence.error("holds \(bad), which is out of range; give \(Self.text(range))")
      }
      values += list.values
    }
    return contains(option) ? values : nil
  }

  /// One of a set of words, in any case.
  package func choice<Value>(_ option: Option, _ choices: [(String, Value)]) throws(UsageError) -> Value? {
    guard let occurrence = last(option) else { return nil }
    return try Self.choose(occurrence.value, occurrence, choices)
  }

  /// All values of an option that may be repeated and may hold a list of words.
  package func choices<Value>(_ option: Option, _ choices: [(String, Value)]) throws(UsageError) -> [Value]? {
    var values: [Value] = []
    for occurrence in occurrences where occurrence.option == option {
      for word in occurrence.value.split(separator: ",", omittingEmptySubsequences: false) {
        values.append(try Self.choose(String(word), occurrence, choices))
      }
    }
    return contains(option) ? values : nil
  }

  private static func choose<Value>(
    _ word: String, _ occurrence: Occurrence, _ choices: [(String, Value)]
  ) throws(UsageError) -> Value {
    if let found = choices.first(where: { $0.0.lowercased() == word.lowercased() }) { return found.1 }
    throw occurrence.error(
      "'\(word)' is not known; give one of \(choices.map(\.0).joined(separator: " "))", showingValue: false)
  }

  private static func text(_ range: ClosedRange<Int>) -> String { "\(range.lowerBound) to \(range.upperBound)" }
}

extension Arguments.Occurrence {
  /// What is wrong with the value, after the option as it was typed.
  package func error(_ problem: String, showingValue: Bool = true) -> UsageError {
    UsageError(name, showingValue ? "'\(value)' \(problem)" : problem)
  }
}

/// A command line that cannot be followed: which option, what is wrong with it, what to do.
package struct UsageError: Error, Equatable, CustomStringConvertible {
  package let description: String

  package init(_ subject: String, _ problem: String) { description = "\(subject): \(problem)" }

  package init(_ option: Option, _ problem: String) { self.init(option.name, problem) }
}
