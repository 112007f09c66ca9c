import Campaign
import Records

extension BenchProcesses {
  /// Has this command run each test of the plan, on each model that the words name, in processes of its own.
  static func run(
    _ plan: BenchPlan, models: [[String]], processes: Int, record: (RunRecord) throws -> Void,
    finished: (BenchResult) throws -> Void
  ) throws {
    let tests = models.flatMap { model in
      plan.tests.map { (shape: $0.shape, words: model + $0.words + plan.words) }
    }
    let bench = BenchProcesses(
      tests.map(\.shape), processes: processes, goal: plan.goal, cancellation: Interruption.wish)
    try bench.run(
      start: { test, process in
        let name = tests[test].shape.name
        Console.progress("process \(process + 1) of \(plan.goal == nil ? "" : "at least ")\(processes)  \(name)")
        return try Child.bench(tests[test].words, named: name)
      }, record: record
    ) { result, verdict in
      if let verdict { Console.note(verdict.message) }
      try finished(result)
    }
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
      shape.promptTokens > 0 && shape.generatedTokens > 0
      ? ["-p", "0", "-n", "0", "-pg", "\(shape.promptTokens),\(shape.generatedTokens)"]
      : ["-p", "\(shape.promptTokens)", "-n", "\(shape.generatedTokens)"]
    return lengths + ["-d", "\(shape.depth)", "-npl", "\(shape.sequences)"] + settings.words
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
