import KernelContract
import Records

/// What to bench, as llama-bench's options say it: lists, of which every combination is run.
package struct BenchRequest: Sendable {
  /// What all tests have in common. The lists from `batches` to `threads` take the place of what it says of them.
  package var settings: EngineSettings

  /// `-p`; zeros are left out.
  package var promptTokens = [512]
  /// `-n`; zeros are left out.
  package var generatedTokens = [128]
  /// `-pg`
  package var combined: [BenchShape] = []
  /// `-d`
  package var depths = [0]
  /// `-b`
  package var batches = [2048]
  /// `-ub`
  package var microBatches = [512]
  /// `-ctk`, `-ctv`
  package var keyFormats: [CacheFormat] = [.f16]
  package var valueFormats: [CacheFormat] = [.f16]
  /// `-t`
  package var threads: [Int]
  /// `-npl`: sequences that generate together.
  package var sequences = [1]
  /// `-r`
  package var repetitions = 5
  /// `--until`: how well the median is to be known, for which more repetitions are made.
  package var goal: RepetitionGoal?
  /// False with `--no-warmup`.
  package var warmsUp = true
  package var seed: UInt64 = 1

  package init(threads: [Int]) {
    self.threads = threads
    settings = EngineSettings(threads: threads.max() ?? 1)
  }
}

/// The tests of a bench in the order in which they are run, which is llama-bench's.
package struct BenchPlan: Sendable {
  package let tests: [BenchTest]
  package let repetitions: Int
  package let goal: RepetitionGoal?
  package let warmsUp: Bool
  package let seed: UInt64

  package init(_ request: BenchRequest) throws(CampaignError) {
    try Self.check(request)
    var tests: [BenchTest] = []
    for settings in try Self.settings(request) {
      for depth in request.depths {
        for (place, sequences) in request.sequences.enumerated() {
          // Whatever `-npl` says, a prompt test times one prompt.
          for var shape in Self.shapes(request) where place == 0 || shape.generatedTokens > 0 {
            shape.depth = depth
            shape.sequences = shape.generatedTokens > 0 ? sequences : 1
            tests.append(BenchTest(settings: settings, shape: shape))
          }
        }
      }
    }
    guard !tests.isEmpty else {
      throw CampaignError(.request, "nothing to bench: name a length above 0 with -p, -n or -pg")
    }
    self.tests = tests
    repetitions = request.repetitions
    goal = request.goal
    warmsUp = request.warmsUp
    seed = request.seed
  }

  /// An engine with room for all tests of the same settings and sequences.
  func needs(of test: BenchTest) -> EngineNeeds {
    let sharing = tests.filter { $0.settings == test.settings && $0.shape.sequences == test.shape.sequences }
    return EngineNeeds(
      test.settings, sequences: test.shape.sequences, contextLength: sharing.map(\.contextLength).max() ?? 1)
  }

  /// Every combination of what the lists vary, the last of them fastest.
  private static func settings(_ request: BenchRequest) throws(CampaignError) -> [EngineSettings] {
    var all = [request.settings]
    func vary<Value>(_ setting: WritableKeyPath<EngineSettings, Value>, over values: [Value]) {
      all = all.flatMap { settings in
        values.map { value in
          var varied = settings
          varied[keyPath: setting] = value
          return varied
        }
      }
    }
    vary(\.batch, over: request.batches)
    vary(\.microBatch, over: request.microBatches)
    vary(\.keyFormat, over: request.keyFormats)
    vary(\.valueFormat, over: request.valueFormats)
    vary(\.threads, over: request.threads)
    for index in all.indices {
      all[index].microBatch = min(all[index].microBatch, all[index].batch)
      try all[index].check()
    }
    return all
  }

  /// Prompts, then generations, then both in one test.
  private static func shapes(_ request: BenchRequest) -> [BenchShape] {
    let prompts = request.promptTokens.map { BenchShape(promptTokens: $0, generatedTokens: 0) }
    let generations = request.generatedTokens.map { BenchShape(promptTokens: 0, generatedTokens: $0) }
    return (prompts + generations + request.combined).filter { $0.promptTokens + $0.generatedTokens > 0 }
  }

  private static func check(_ request: BenchRequest) throws(CampaignError) {
    let lengths =
      request.promptTokens + request.generatedTokens + request.depths
      + request.combined.flatMap { [$0.promptTokens, $0.generatedTokens] }
    if let bad = lengths.first(where: { !(0...1 << 24).contains($0) }) {
      throw CampaignError(.request, "a length of \(bad) tokens cannot be run")
    }
    if let bad = request.sequences.first(where: { !(1...1 << 16).contains($0) }) {
      throw CampaignError(.request, "-npl \(bad): ask for 1 sequence or more")
    }
    guard (1...1 << 20).contains(request.repetitions) else {
      throw CampaignError(.request, "-r \(request.repetitions): ask for 1 repetition or more")
    }
  }
}

/// One row of a bench.
package struct BenchTest: Sendable, Hashable {
  package var settings: EngineSettings
  package var shape: BenchShape

  /// Tokens that a sequence holds at the end.
  var contextLength: Int { shape.depth + shape.promptTokens + shape.generatedTokens }
}
