import Analysis
import Campaign
import Records

/// One of the ways to run that are compared: a bench of models or of kernels, and what its processes gave.
struct CompareVariant {
  enum Kind: String {
    case bench, kernels
  }

  /// What a process of a variant printed.
  enum Output {
    case runs([RunRecord])
    case rows([KernelRecord])
  }

  let kind: Kind
  let label: String
  private let words: [String]
  private(set) var observations: [Observation] = []

  /// Command lines, which may begin with the verb.
  static func all(_ operands: [String]) throws -> [CompareVariant] {
    let lines = try operands.map { try CommandWords.split($0) }
    let labels = VariantLabels.ofWords(lines)
    let variants = try zip(operands, zip(lines, labels)).map { try CompareVariant($0, words: $1.0, label: $1.1) }
    if let other = zip(operands, variants).first(where: { $0.1.kind != variants[0].kind }) {
      throw UsageError("'\(other.0)'", "kernels and models cannot be compared with each other; run one kind")
    }
    return variants
  }

  private init(_ operand: String, words: [String], label: String) throws {
    self.label = label
    let named = words.first.flatMap(Kind.init)
    kind = named ?? .bench
    let own = named == nil ? words : Array(words.dropFirst())
    let arguments = try Arguments(own, kind == .bench ? Bench.syntax : KernelsVerb.syntax)
    let outer = [BenchOptions.output, BenchOptions.errorOutput, BenchOptions.processes, .json, .help]
    for option in outer where arguments.contains(option) {
      throw UsageError("'\(operand)'", "\(option.name) has no meaning in a variant; leave it out")
    }
    switch kind {
    case .bench: self.words = own + (arguments.contains(BenchOptions.repetitions) ? [] : ["-r", "3"])
    case .kernels:
      guard KernelBenchOptions.areAsked(arguments) else {
        throw UsageError("'\(operand)'", "names nothing to time; add --shape, --heads or --vocabulary")
      }
      // Processes are what counts, so that many short ones tell more than few long ones.
      let seconds = arguments.contains(KernelBenchOptions.seconds) ? [] : [KernelBenchOptions.seconds.name, "0.02"]
      self.words = own + seconds + [KernelBenchOptions.noRoofs.name]
    }
  }

  var side: ComparisonSide { ComparisonSide(label, observations) }

  /// Runs it in a process of this number; nil when that was asked to stop.
  func run(process: Int) throws -> Output? {
    switch kind {
    case .bench:
      var runs = try Child.bench(words, named: label)
      for place in runs.indices { runs[place].process = process }
      return Interruption.isRequested ? nil : .runs(runs)
    case .kernels:
      var rows = try Child.kernels(words, named: label)
      for place in rows.indices { rows[place].process = process }
      return Interruption.isRequested ? nil : .rows(rows)
    }
  }

  mutating func add(_ output: Output) {
    switch output {
    case .runs(let records): observations += records.map { Observation($0) }
    case .rows(let rows): observations += rows.flatMap { Observation.all(of: $0) }
    }
  }
}

/// Words of a command line that was given as one word.
enum CommandWords {
  /// Splits the text at spaces, except within quotes of either kind.
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
