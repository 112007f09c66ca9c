import Metering
import Records
import Reporting

/// Variants of a bench run in turn, each time in a process of its own, until their difference is known.
///
/// Each round begins with another variant, so that none is always first.
struct CompareRun {
  private struct Variant {
    let label: String
    let words: [String]
    var runs: [ComparedRun] = []
  }

  private var variants: [Variant]
  private(set) var rounds = 0
  private(set) var isInterrupted = false

  init(_ operands: [String]) throws {
    let lines = try operands.map { try CommandWords.split($0) }
    let labels = VariantLabels.ofWords(lines)
    variants = try zip(operands, zip(lines, labels)).map { operand, variant in
      let (words, label) = variant
      let arguments = try Arguments(words, Bench.syntax)
      for option in [BenchOptions.output, BenchOptions.errorOutput, BenchOptions.processes, .json, .help]
      where arguments.contains(option) {
        throw UsageError("'\(operand)'", "\(option.name) has no meaning in a variant; leave it out")
      }
      let repetitions = arguments.contains(BenchOptions.repetitions) ? [] : ["-r", "3"]
      return Variant(label: label, words: words + repetitions)
    }
  }

  var sides: [ComparisonSide] { variants.map { ComparisonSide($0.label, $0.runs) } }

  /// Until the comparison is decided or the budget is spent.
  mutating func run(budget: Double, isDecided: ([ComparisonSide]) -> Bool) throws {
    let watch = Stopwatch()
    var longest = 0.0
    while rounds == 0 || watch.elapsed.value + longest < budget {
      let start = watch.elapsed.value
      guard try goRound() else {
        isInterrupted = true
        return
      }
      rounds += 1
      longest = max(longest, watch.elapsed.value - start)
      if isDecided(sides) { return }
    }
  }

  /// One process of each variant; false when asked to stop, and then nothing of the round is kept.
  private mutating func goRound() throws -> Bool {
    var runs: [[ComparedRun]] = variants.map { _ in [] }
    for place in variants.indices {
      let index = (place + rounds) % variants.count
      Console.progress("round \(rounds + 1)  \(variants[index].label)")
      var records = try Child.bench(variants[index].words, named: variants[index].label)
      if Interruption.isRequested { return false }
      for record in records.indices { records[record].process = rounds }
      runs[index] = records.map { ComparedRun($0) }
    }
    for index in variants.indices { variants[index].runs += runs[index] }
    return true
  }
}

/// Words of a command line that was given as one word.
enum CommandWords {
  /// At spaces, except within quotes of either kind.
  static func split(_ text: String) throws(UsageError) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    for character in text {
      if let open = quote {
        if character == open { quote = nil } else { word?.append(character) }
      } else if character == "'" || character == "\"" {
        quote = character
        word = word ?? ""
      } else if character.isWhitespace {
        if let whole = word { words.append(whole) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    if let quote { throw UsageError("'\(text)'", "has no closing \(quote)") }
    return words + [word].compactMap(\.self)
  }
}
