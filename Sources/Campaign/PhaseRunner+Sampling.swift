import Engine
import Kernels
import Records

extension PhaseRunner {
  /// Tokens between two looks at the clock: one look takes tens of nanoseconds, one token some microseconds.
  static let tokensPerSample = 32

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
}
