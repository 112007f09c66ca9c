import Campaign
import Metering
import Records

/// A bench whose tests each run in several processes: what one process has by luck, such as where its memory lies, its
/// repetitions share, so that only processes are independent.
///
/// In each round another test is the first, so that none profits from its place.
struct BenchProcesses {
  private struct Entry {
    let test: BenchShape
    let words: [String]
    var repetitions: [[RunRecord]] = []
    var isDone = false
    /// Of all its processes, and of the longest.
    var seconds = 0.0
    var longest = 0.0

    /// Wall times by process.
    var walls: [[Double]] {
      let walls = repetitions.map { runs in (runs.first?.process ?? 0, runs.reduce(0) { $0 + $1.wall.value }) }
      return Dictionary(grouping: walls) { $0.0 }.sorted { $0.key < $1.key }.map { $0.value.map(\.1) }
    }
  }

  private var entries: [Entry]
  private let processes: Int
  private let goal: RepetitionGoal?

  init(_ arguments: Arguments, _ plan: BenchPlan, processes: Int) throws {
    self.processes = processes
    goal = plan.goal
    entries = BenchOptions.modelWords(arguments).flatMap { model in
      plan.tests.map { Entry(test: $0.test, words: model + $0.words + plan.words) }
    }
  }

  /// Hands over every run as it is there, and every test's result at the end. As many processes as were asked for, and on
  /// until each test's goal is reached or its time is spent.
  mutating func run(record: (RunRecord) throws -> Void, finished: (BenchResult) throws -> Void) throws {
    var process = 0
    while entries.contains(where: { !$0.isDone }), !Interruption.isRequested {
      for place in entries.indices where !Interruption.isRequested {
        let index = (place + process) % entries.count
        if !entries[index].isDone { try run(index, process, record) }
      }
      process += 1
    }
    Console.clearProgress()
    for entry in entries where !entry.repetitions.isEmpty {
      if let goal, entry.isDone { Console.note(goal.verdict(processes: entry.walls, named: entry.test.name).message) }
      try finished(BenchResult(test: entry.test, repetitions: entry.repetitions))
    }
  }

  private mutating func run(_ index: Int, _ process: Int, _ record: (RunRecord) throws -> Void) throws {
    let name = entries[index].test.name
    Console.progress("process \(process + 1) of \(goal == nil ? "" : "at least ")\(processes)  \(name)")
    let watch = Stopwatch()
    var records = try Child.bench(entries[index].words, named: name)
    let seconds = watch.elapsed.value
    for place in records.indices {
      records[place].process = process
      try record(records[place])
    }
    // A test of both phases has two runs a repetition.
    entries[index].repetitions += Dictionary(grouping: records, by: \.repetition).sorted { $0.key < $1.key }.map(
      \.value)
    entries[index].seconds += seconds
    entries[index].longest = max(entries[index].longest, seconds)
    entries[index].isDone = process + 1 >= processes && isEnough(entries[index])
  }

  private func isEnough(_ entry: Entry) -> Bool {
    guard let goal else { return true }
    // Another process must fit into the budget.
    return entry.seconds + entry.longest > goal.budgetSeconds
      || goal.isReached(by: RepetitionGoal.progress(processes: entry.walls))
  }
}

extension Child {
  /// The runs of a bench in a process of its own; none when it was asked to stop.
  static func bench(_ words: [String], named name: String) throws -> [RunRecord] {
    try RunLog(lines: output(["bench"] + words + ["-o", "runs"], named: name), of: "'\(name)'").records
  }

  /// The rows of a bench of kernels, likewise.
  static func kernels(_ words: [String], named name: String) throws -> [KernelRecord] {
    try KernelBenchLog(output(["kernels"] + words + ["--json"], named: name), file: "'\(name)'").rows
  }
}

extension BenchTest {
  /// The options of a bench of this test alone.
  fileprivate var words: [String] {
    let lengths =
      test.promptTokens > 0 && test.generatedTokens > 0
      ? ["-p", "0", "-n", "0", "-pg", "\(test.promptTokens),\(test.generatedTokens)"]
      : ["-p", "\(test.promptTokens)", "-n", "\(test.generatedTokens)"]
    return lengths + ["-d", "\(test.depth)", "-npl", "\(test.sequences)"] + settings.words
  }
}

extension EngineSettings {
  fileprivate var words: [String] {
    [
      "-t", "\(threads)", "-b", "\(batch)", "-ub", "\(microBatch)", "-ctk", keyFormat.rawValue, "-ctv",
      valueFormat.rawValue, "--activations", activations.rawValue,
    ] + (isaCap.map { ["--isa", $0.rawValue] } ?? []) + (pin ? [] : ["--no-pin"])
      + (slowdown.map { ["--slow", "\($0.share * 100)"] } ?? [])
  }
}

extension BenchPlan {
  fileprivate var words: [String] {
    ["-r", "\(repetitions)", "--seed", "\(seed)"] + (warmsUp ? [] : ["--no-warmup"])
  }
}
