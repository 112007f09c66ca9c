import Campaign
import Records

/// A bench whose tests each run in several processes: what one process has by luck, such as where its memory lies, its
/// repetitions share, so that only processes are independent.
///
/// In each round another test is the first, so that none profits from its place.
struct BenchProcesses {
  private struct Entry {
    let test: LlamaBenchRow.Test
    let words: [String]
    var repetitions: [[RunRecord]] = []
  }

  private var entries: [Entry]
  private let processes: Int

  init(_ arguments: Arguments, _ plan: BenchPlan, processes: Int) throws {
    self.processes = processes
    entries = BenchOptions.modelWords(arguments).flatMap { model in
      plan.tests.map { Entry(test: $0.test, words: model + $0.words + plan.words) }
    }
  }

  /// Hands over every run as it is there, and every test's result at the end.
  mutating func run(record: (RunRecord) throws -> Void, finished: (BenchResult) throws -> Void) throws {
    for process in 0..<processes where !Interruption.isRequested {
      for place in entries.indices where !Interruption.isRequested {
        let index = (place + process) % entries.count
        Console.progress("process \(process + 1) of \(processes)  \(entries[index].test.name)")
        var records = try Child.bench(entries[index].words, named: entries[index].test.name)
        for place in records.indices {
          records[place].process = process
          try record(records[place])
        }
        // A test of both phases has two runs a repetition.
        entries[index].repetitions += Dictionary(grouping: records, by: \.repetition).sorted { $0.key < $1.key }.map(
          \.value)
      }
    }
    Console.clearProgress()
    for entry in entries where !entry.repetitions.isEmpty {
      try finished(BenchResult(test: entry.test, repetitions: entry.repetitions))
    }
  }
}

extension Child {
  /// The runs of a bench in a process of its own; none when it was asked to stop.
  static func bench(_ words: [String], named name: String) throws -> [RunRecord] {
    try RunLog(lines: output(["bench"] + words + ["-o", "runs"], named: name), of: "'\(name)'").records
  }

  /// The rows of a bench of kernels, likewise.
  static func kernels(_ words: [String], named name: String) throws -> [KernelBenchLog.Row] {
    try KernelBenchLog(output(["kernels"] + words + ["--json"], named: name), file: "'\(name)'").rows
  }

  /// Nothing when it was asked to stop; its own words where it fails.
  private static func output(_ words: [String], named name: String) throws -> [UInt8] {
    let result = try run(words)
    if Interruption.isRequested { return [] }
    guard result.status == 0 else {
      let prefix = "inferometer: "
      let line = result.errors.split(separator: "\n").last.map(String.init) ?? "ended with status \(result.status)"
      throw Failure(
        ExitCode(rawValue: result.status) ?? .failure,
        "'\(name)': \(line.hasPrefix(prefix) ? String(line.dropFirst(prefix.count)) : line)")
    }
    return result.output
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
