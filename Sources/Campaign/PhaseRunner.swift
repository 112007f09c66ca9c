import Engine
import Kernels
import Machine
import Metering
import Records
import Statistics

/// Runs phases on one engine and times each step of them.
///
/// The time of a step runs from its tokens to its logits, as in llama-bench: choosing a token from logits is a phase of its
/// own, and making tokens of text is in none. Tokens are made before the clock starts, and what a step records has its place already.
package final class PhaseRunner {
  package let engine: Engine
  let settings: EngineSettings
  /// What records call the model.
  let model: ModelIdentity
  private let supply: TokenSupply
  private let cancellation: Cancellation
  private let watch: ConditionsWatch
  private let timekeeper: any Timekeeper
  private let meter: EnergyMeter?
  private var knownCosts: [RunShape: PhaseCosts] = [:]

  init(
    _ engine: Engine, settings: EngineSettings, model: ModelIdentity, seed: UInt64, cancellation: Cancellation,
    processors: [Int], timekeeper: any Timekeeper, meter: EnergyMeter?
  ) {
    self.engine = engine
    self.settings = settings
    self.model = model
    supply = TokenSupply(seed: seed, vocabulary: engine.description.vocabularySize)
    self.cancellation = cancellation
    self.timekeeper = timekeeper
    self.meter = meter
    watch = ConditionsWatch(processors: processors, timekeeper: timekeeper)
  }

  /// Brings the first `sequences` sequences to exactly `depth` tokens. What they hold already is kept.
  func fill(sequences: Int, to depth: Int) throws {
    for sequence in 0..<sequences {
      engine.truncate(sequence, to: depth)
      while engine.length(of: sequence) < depth {
        try cancellation.check()
        let start = engine.length(of: sequence)
        let end = min(start + engine.options.microBatch, depth)
        try engine.prefill(supply.tokens(sequence: sequence, positions: start..<end), sequence: sequence)
      }
    }
  }

  package func run(_ shape: RunShape) throws -> PhaseRun {
    switch shape.phase {
    case .prefill: try prefill(shape.promptTokens, sequences: shape.sequences, depth: shape.contextTokens)
    case .decode: try decode(shape.generatedTokens, sequences: shape.sequences, depth: shape.contextTokens)
    case .sampling: try sample(shape.generatedTokens)
    }
  }

  /// Reads `tokens` tokens into each sequence, one sequence after another, after `depth` tokens that are there before the
  /// clock starts. One latency a sequence.
  package func prefill(_ tokens: Int, sequences: Int = 1, depth: Int = 0) throws -> PhaseRun {
    let shape = RunShape(
      phase: .prefill, promptTokens: tokens, contextTokens: depth, sequences: sequences)
    let batches = (0..<sequences).map { sequence in
      stride(from: 0, to: tokens, by: settings.batch).map { start in
        supply.tokens(
          sequence: sequence, positions: depth + start..<depth + min(start + settings.batch, tokens))
      }
    }
    try fill(sequences: sequences, to: depth)
    return try measure(shape, steps: sequences) { recorder in
      for sequence in 0..<sequences {
        try cancellation.check()
        recorder.begin()
        for part in batches[sequence] { try engine.prefill(part, sequence: sequence) }
        recorder.end(contextTokens: depth, tokens: tokens)
      }
    }
  }

  /// Appends `tokens` tokens to each sequence, all sequences together in one step per token, after `depth` tokens.
  package func decode(_ tokens: Int, sequences: Int = 1, depth: Int = 0) throws -> PhaseRun {
    let shape = RunShape(
      phase: .decode, generatedTokens: tokens, contextTokens: depth, sequences: sequences)
    let columns = (0..<sequences).map { sequence in
      supply.tokens(sequence: sequence, positions: depth..<depth + tokens)
    }
    let rows = (0..<tokens).map { step in columns.map { $0[step] } }
    try fill(sequences: sequences, to: depth)
    return try measure(shape, steps: tokens) { recorder in
      for (step, row) in rows.enumerated() {
        try cancellation.check()
        recorder.begin()
        try engine.decode(row)
        recorder.end(contextTokens: depth + step, tokens: sequences)
      }
    }
  }

  /// Tokens between two looks at the clock: one look takes tens of nanoseconds, one token some microseconds.
  private static let tokensPerSample = 32

  /// Chooses `tokens` tokens one after another from the logits of the engine's last step, by the standard sampler on the
  /// calling thread, as a generation does. The other threads sleep, and the logits lie in a cache, as they do after a step.
  package func sample(_ tokens: Int) throws -> PhaseRun {
    var sampler = try Sampler(
      StandardSampler.settings, kernels: KernelList.sampling(engine.kernels.isa),
      vocabularySize: engine.description.vocabularySize)
    let logits = engine.logits(0)
    let starts = stride(from: 0, to: tokens, by: Self.tokensPerSample)
    return try measure(
      RunShape(phase: .sampling, generatedTokens: tokens), steps: starts.underestimatedCount, threads: 1
    ) { recorder in
      for start in starts {
        try cancellation.check()
        let count = min(Self.tokensPerSample, tokens - start)
        recorder.begin()
        for _ in 0..<count { _ = sampler.next(logits) }
        recorder.end(contextTokens: 0, tokens: count)
      }
    }
  }

  /// What a shape costs by the kernels' own declaration.
  func costs(of shape: RunShape) -> PhaseCosts {
    if let known = knownCosts[shape] { return known }
    let costs = PhaseCosts(shape, on: engine, batch: settings.batch)
    knownCosts[shape] = costs
    return costs
  }

  /// `threads` are those that work on it; nil for the whole pool.
  private func measure(
    _ shape: RunShape, steps: Int, threads: Int? = nil, _ body: (inout LatencyRecorder) throws -> Void
  ) throws -> PhaseRun {
    let costs = costs(of: shape)
    var recorder = LatencyRecorder(capacity: steps, timekeeper: timekeeper, slowdown: settings.slowdown)
    let time = Timestamp.utc()
    meter?.begin()
    let before = watch.look()
    try body(&recorder)
    let after = watch.look()
    let energy = meter.map { meter in Result { () throws(EnergyAbsence) in try meter.end() } }
    return PhaseRun(
      shape: shape, time: time, steps: recorder.steps, costs: costs,
      conditions: ObservedConditions(from: before, to: after, threads: threads ?? engine.pool.threads), energy: energy)
  }
}

/// Which token stands at a position of a sequence: random ones of the vocabulary, the same for the same seed. Cost does not
/// depend on them, but runs must be repeatable.
package struct TokenSupply: Sendable {
  private let seed: UInt64
  private let vocabulary: Int

  package init(seed: UInt64, vocabulary: Int) {
    self.seed = seed
    self.vocabulary = vocabulary
  }

  package func tokens(sequence: Int, positions: Range<Int>) -> [Int32] {
    positions.map { position in
      var random = SplitMix64(seed: seed &+ UInt64(sequence) << 40 &+ UInt64(position))
      return Int32(random.index(below: vocabulary))
    }
  }
}

/// The way to choose tokens that is timed: the filters that llama.cpp's programs apply by default, with their numbers.
///
/// Source: llama.cpp, `common_params_sampling` in common/common.h. Its penalties are off by default.
package enum StandardSampler {
  package static let settings: SamplerSettings = {
    var settings = SamplerSettings()
    settings.topK = 40
    settings.topP = 0.95
    settings.minP = 0.05
    settings.temperature = 0.8
    return settings
  }()

  package static func identity(vocabularySize: Int) -> SamplerIdentity {
    let settings = settings
    return SamplerIdentity(
      settings: "top-k \(settings.topK), top-p \(settings.topP), min-p \(settings.minP), "
        + "temperature \(settings.temperature)",
      vocabularySize: vocabularySize)
  }
}
