import Engine
import Machine
import Metering
import Records

/// Runs phases on one engine and times each step of them.
///
/// The time of a step runs from its tokens to its logits, as in llama-bench: choosing a token from logits is a phase of its
/// own, and making tokens of text is in none. Tokens are made before the clock starts, and what a step records has its place already.
package final class PhaseRunner {
  package let engine: Engine
  private let batch: Int
  private let supply: TokenSupply
  let cancellation: Cancellation
  private let watch: ConditionsWatch
  private let timekeeper: any Timekeeper
  private let meter: EnergyMeter?
  private let slowdown: Slowdown?
  private var knownCosts: [RunShape: PhaseCosts] = [:]

  package init(
    _ engine: Engine, batch: Int, supply: TokenSupply, cancellation: Cancellation = Cancellation(),
    processors: [Int], timekeeper: any Timekeeper = SystemTimekeeper(), meter: EnergyMeter? = nil,
    slowdown: Slowdown? = nil
  ) {
    self.engine = engine
    self.batch = batch
    self.supply = supply
    self.cancellation = cancellation
    self.timekeeper = timekeeper
    self.meter = meter
    self.slowdown = slowdown
    watch = ConditionsWatch(processors: processors, timekeeper: timekeeper)
  }

  /// Brings the first `sequences` sequences to exactly `depth` tokens. What they hold already is kept.
  package func fill(sequences: Int, to depth: Int) throws {
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

  /// Reads `tokens` tokens into each sequence, one sequence after another, after `depth` tokens that are there before the
  /// clock starts. One latency a sequence.
  package func prefill(_ tokens: Int, sequences: Int = 1, depth: Int = 0) throws -> PhaseRun {
    let shape = RunShape(
      phase: .prefill, promptTokens: tokens, contextTokens: depth, sequences: sequences)
    let batches = try (0..<sequences).map { sequence in
      try stride(from: 0, to: tokens, by: batch).map { start in
        try supply.tokens(
          sequence: sequence, positions: depth + start..<depth + min(start + batch, tokens))
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
    let columns = try (0..<sequences).map { sequence in
      try supply.tokens(sequence: sequence, positions: depth..<depth + tokens)
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

  /// `threads` are those that work on it; nil for the whole pool.
  func measure(
    _ shape: RunShape, steps: Int, threads: Int? = nil, _ body: (inout LatencyRecorder) throws -> Void
  ) throws -> PhaseRun {
    let costs = knownCosts[shape] ?? PhaseCosts(shape, on: engine, batch: batch)
    knownCosts[shape] = costs
    var recorder = LatencyRecorder(capacity: steps, timekeeper: timekeeper, slowdown: slowdown)
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
