import KernelContract
import Kernels
import Metering
import Records

/// What to bench, as llama-bench's options say it: lists, of which every combination is run.
package struct BenchRequest: Sendable {
  package struct Lengths: Sendable, Hashable {
    package var promptTokens: Int
    package var generatedTokens: Int

    package init(promptTokens: Int, generatedTokens: Int) {
      self.promptTokens = promptTokens
      self.generatedTokens = generatedTokens
    }
  }

  /// `-p`; zeros are left out.
  package var promptTokens = [512]
  /// `-n`; zeros are left out.
  package var generatedTokens = [128]
  /// `-pg`
  package var combined: [Lengths] = []
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
  package var isaCap: InstructionSet?
  package var activations = ActivationMode.auto
  /// Nil for the built-in one.
  package var tuning: TuningChoice?
  package var pin = true
  /// `--slow`: for checking comparisons.
  package var slowdown: Slowdown?
  /// `-r`
  package var repetitions = 5
  /// `--until`: repeat more than that while the median is not known so well.
  package var goal: RepetitionGoal?
  /// False with `--no-warmup`.
  package var warmsUp = true
  package var seed: UInt64 = 1

  package init(threads: [Int]) { self.threads = threads }
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
    for batch in request.batches {
      for microBatch in request.microBatches {
        for keyFormat in request.keyFormats {
          for valueFormat in request.valueFormats {
            for threads in request.threads {
              let settings = EngineSettings(
                threads: threads, batch: batch, microBatch: min(microBatch, batch), keyFormat: keyFormat,
                valueFormat: valueFormat, isaCap: request.isaCap, activations: request.activations,
                tuning: request.tuning, pin: request.pin, slowdown: request.slowdown)
              try settings.check()
              for depth in request.depths {
                for (place, sequences) in request.sequences.enumerated() {
                  // Whatever `-npl` says, a prompt test times one prompt.
                  for lengths in Self.lengths(request) where place == 0 || lengths.generatedTokens > 0 {
                    tests.append(
                      BenchTest(
                        settings: settings,
                        test: BenchShape(
                          promptTokens: lengths.promptTokens, generatedTokens: lengths.generatedTokens, depth: depth,
                          sequences: lengths.generatedTokens > 0 ? sequences : 1)))
                  }
                }
              }
            }
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

  /// Prompts, then generations, then both in one test.
  private static func lengths(_ request: BenchRequest) -> [BenchRequest.Lengths] {
    let prompts = request.promptTokens.map { BenchRequest.Lengths(promptTokens: $0, generatedTokens: 0) }
    let generations = request.generatedTokens.map { BenchRequest.Lengths(promptTokens: 0, generatedTokens: $0) }
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
  package var test: BenchShape

  /// Tokens that a sequence holds at the end.
  var contextLength: Int { test.depth + test.promptTokens + test.generatedTokens }

  /// Tests that one engine can run: it has the settings, and as many sequences as they need.
  func sharesEngine(with other: BenchTest) -> Bool {
    settings == other.settings && test.sequences == other.test.sequences
  }
}
