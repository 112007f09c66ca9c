import Campaign
import Machine
import Records
import Reporting

/// The options of `bench`, spelt as llama-bench spells them.
enum BenchOptions {
  static let model = Option("-m", "--model", value: "FILE,…", help: "models in GGUF files")
  static let prompt = Option("-p", "--n-prompt", value: "N,…", help: "tokens of a prompt (512)")
  static let generated = Option("-n", "--n-gen", value: "N,…", help: "tokens to generate (128)")
  static let combined = Option("-pg", value: "P,G", help: "a prompt of P tokens and G generated after it, in one test")
  static let depth = Option("-d", "--n-depth", value: "N,…", help: "tokens in the cache before a test begins (0)")
  static let sequences = Option("-npl", value: "N,…", help: "sequences that generate at once (1)")
  static let batch = Option("-b", "--batch-size", value: "N,…", help: Option.batch.help)
  static let microBatch = Option("-ub", "--ubatch-size", value: "N,…", help: Option.microBatch.help)
  static let keyType = Option("-ctk", "--cache-type-k", value: "TYPE,…", help: Option.keyType.help)
  static let valueType = Option("-ctv", "--cache-type-v", value: "TYPE,…", help: Option.valueType.help)
  static let threads = Option("-t", "--threads", value: "N,…", help: Option.threads.help)
  static let repetitions = Option("-r", "--repetitions", value: "N", help: "times that each test is run (5)")
  static let noWarmUp = Option("--no-warmup", help: "do not run each test once before it is timed")
  static let until = Option(
    "--until", value: "PERCENT", help: "go on, with --processes in more of them, until the median is known to ± PERCENT"
  )
  static let budget = Option("--budget", value: "SECONDS", help: "with --until: the most time for each test (60)")
  static let processes = Option(
    "--processes", value: "N", help: "run each test in N processes of its own, the tests in turn (in this one)")
  static let output = Option(
    "-o", "--output", value: "FORM",
    help: "\(LlamaBenchFormat.allCases.map(\.rawValue).joined(separator: " ")) (md), or runs: records as in "
      + "runs.jsonl; --json is -o json")
  static let errorOutput = Option("-oe", "--output-err", value: "FORM", help: "the same on standard error (none)")

  static let tests = [
    prompt, generated, combined, depth, sequences, batch, microBatch, keyType, valueType, threads, repetitions,
    noWarmUp, until, budget, processes, .slow,
  ]

  /// llama-bench's choices of devices, of ways to load and to schedule.
  static let ignored = [
    Option("-ngl", "--n-gpu-layers", value: "N", help: ""), Option("-ncmoe", "--n-cpu-moe", value: "N", help: ""),
    Option("-sm", "--split-mode", value: "MODE", help: ""), Option("-mg", "--main-gpu", value: "N", help: ""),
    Option("-nkvo", "--no-kv-offload", value: "0|1", help: ""), Option("-fa", "--flash-attn", value: "MODE", help: ""),
    Option("-dev", "--device", value: "NAME", help: ""), Option("-ts", "--tensor-split", value: "LIST", help: ""),
    Option("-ot", "--override-tensors", value: "LIST", help: ""),
    Option("-nopo", "--no-op-offload", value: "0|1", help: ""), Option("--no-host", value: "0|1", help: ""),
    Option("-mmp", "--mmap", value: "0|1", help: ""), Option("-dio", "--direct-io", value: "0|1", help: ""),
    Option("-lm", "--load-mode", value: "MODE", help: ""), Option("-embd", "--embeddings", value: "0|1", help: ""),
    Option("-rpc", "--rpc", value: "LIST", help: ""), Option("-fitt", "--fit-target", value: "N", help: ""),
    Option("-fitc", "--fit-ctx", value: "N", help: ""), Option("-C", "--cpu-mask", value: "MASK", help: ""),
    Option("--cpu-strict", value: "0|1", help: ""), Option("--poll", value: "N", help: ""),
    Option("--numa", value: "MODE", help: ""), Option("--prio", value: "N", help: ""),
    Option("--delay", value: "SECONDS", help: ""), Option("-v", "--verbose", help: ""), Option("--progress", help: ""),
  ]

  /// The files that are named, or one preset.
  static func models(_ arguments: Arguments) throws -> [ModelChoice] {
    let paths = paths(arguments)
    if paths.isEmpty { return [try ModelChoice(arguments, path: nil)] }
    return try paths.map { try ModelChoice(arguments, path: $0) }
  }

  /// The options that name each of these models alone, with those that hold for every test.
  static func modelWords(_ arguments: Arguments) -> [[String]] {
    let passedOn = [.preset, .format, .layers, .tuning] + OptionGroup.energy.options
    let others = arguments.occurrences.filter { passedOn.contains($0.option) }.flatMap {
      $0.option.placeholder == nil ? [$0.name] : [$0.name, $0.value]
    }
    let paths = paths(arguments)
    return paths.isEmpty ? [others] : paths.map { ["-m", $0] + others }
  }

  private static func paths(_ arguments: Arguments) -> [String] {
    arguments.occurrences.filter { $0.option == model }.flatMap { $0.value.split(separator: ",").map(String.init) }
  }
}

extension BenchRequest {
  init(_ arguments: Arguments, on machine: MachineDescription) throws(UsageError) {
    let lengths = 0...1 << 24
    self.init(
      threads: try arguments.integers(BenchOptions.threads, in: EngineSettings.threadRange)
        ?? [EngineSettings.standard(on: machine).threads])
    promptTokens = try arguments.integers(BenchOptions.prompt, in: lengths) ?? promptTokens
    generatedTokens = try arguments.integers(BenchOptions.generated, in: lengths) ?? generatedTokens
    combined = try arguments.occurrences.filter { $0.option == BenchOptions.combined }.map(Self.pair)
    depths = try arguments.integers(BenchOptions.depth, in: lengths) ?? depths
    sequences = try arguments.integers(BenchOptions.sequences, in: 1...4096) ?? sequences
    batches = try arguments.integers(BenchOptions.batch, in: EngineSettings.batchRange) ?? batches
    microBatches = try arguments.integers(BenchOptions.microBatch, in: EngineSettings.batchRange) ?? microBatches
    settings.isaCap = try arguments.choice(.isa, EngineSettings.instructionSets)
    settings.activations = try arguments.choice(.activations, EngineSettings.activationModes) ?? settings.activations
    let format = EngineSettings.standardCache(settings.activations)
    keyFormats = try arguments.choices(BenchOptions.keyType, EngineSettings.cacheFormats) ?? [format]
    valueFormats = try arguments.choices(BenchOptions.valueType, EngineSettings.cacheFormats) ?? [format]
    settings.pin = !arguments.contains(.noPin)
    settings.slowdown = try arguments.slowdown()
    settings.tuning = try .chosen(arguments, for: settings, on: machine)
    repetitions = try arguments.integer(BenchOptions.repetitions, in: 1...100_000) ?? repetitions
    goal = try Self.goal(arguments)
    warmsUp = !arguments.contains(BenchOptions.noWarmUp)
    seed = UInt64(try arguments.integer(.seed, in: 0...Int.max) ?? 1)
  }

  private static func goal(_ arguments: Arguments) throws(UsageError) -> RepetitionGoal? {
    let budget = try arguments.number(BenchOptions.budget, in: 0.001...1e6)
    guard let halfWidth = try arguments.percentage(BenchOptions.until) else {
      if budget == nil { return nil }
      throw UsageError(BenchOptions.budget, "has a meaning with --until only; leave it out")
    }
    return RepetitionGoal(halfWidth: halfWidth, budgetSeconds: budget ?? 60)
  }

  /// llama-bench's `512,128`.
  private static func pair(_ occurrence: Arguments.Occurrence) throws(UsageError) -> BenchShape {
    let parts = occurrence.value.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let prompt = parts[0], let generated = parts[1], (0...1 << 24).contains(prompt),
      (0...1 << 24).contains(generated)
    else { throw occurrence.error("is not a prompt and a generation; write 512,128") }
    return BenchShape(promptTokens: prompt, generatedTokens: generated)
  }

  /// Columns that a table needs: what differs between tests, or from what readers of llama-bench's tables expect.
  var varying: [String] {
    var names: [String] = []
    if batches != [2048] { names.append("n_batch") }
    if microBatches != [512] { names.append("n_ubatch") }
    if keyFormats != [.f16] { names.append("type_k") }
    if valueFormats != [.f16] { names.append("type_v") }
    if sequences != [1] { names.append("pl") }
    if settings.isaCap != nil { names.append("isa") }
    if settings.activations != .auto { names.append("activations") }
    if settings.slowdown != nil { names.append("slowed_share") }
    return names
  }
}
