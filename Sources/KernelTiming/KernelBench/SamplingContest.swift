import Engine
import Glibc
import KernelContract
import Kernels
import Model
import Statistics

/// The engine's sampler on one thread, with one filter at a time.
package final class SamplingContest {
  private let method: SamplingMethod
  private let vocabulary: Int
  private let rows: BenchMemory

  package static func contest(
    _ method: SamplingMethod, vocabulary: Int, sets: [InstructionSet], copies: (Int) -> Int, pool: ThreadPool
  ) throws -> Contest {
    let sampling = try SamplingContest(method, vocabulary: vocabulary, copies: copies, pool: pool)
    return Contest(
      problem: .sampling(method, vocabulary: vocabulary), contenders: try sets.map(sampling.contender))
  }

  /// Logits as a model gives them: normal with a standard deviation of 3 (here by twelve uniform numbers).
  private init(_ method: SamplingMethod, vocabulary: Int, copies: (Int) -> Int, pool: ThreadPool) throws {
    self.method = method
    self.vocabulary = vocabulary
    rows = try BenchMemory(
      bytes: 4 * vocabulary, copies: copies(4 * vocabulary), pool: pool,
      part: { part, _ in part == 0 ? 0..<4 * vocabulary : 0..<0 },
      write: { part, _, target in
        guard part == 0 else { return }
        var generator = SplitMix64(seed: 3)
        let logits = target.assumingMemoryBound(to: Float.self)
        for token in 0..<vocabulary {
          logits[token] = Float(3 * ((0..<12).reduce(-6.0) { sum, _ in sum + generator.unit() }))
        }
      })
  }

  private func row(_ call: Int) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(start: rows.copy(call).assumingMemoryBound(to: Float.self), count: vocabulary)
  }

  private func contender(_ isa: InstructionSet) throws -> Contender {
    var sampler = try Sampler(
      method.settings, kernels: KernelList.sampling(isa), vocabularySize: vocabulary)
    return Contender(
      name: "\(method.rawValue) \(isa.rawValue)", isa: isa, activations: .f32,
      run: { [self] calls in for call in calls { _ = sampler.next(row(call)) } },
      check: { [self] in
        SamplingCheck(row(0)).deviation(of: sampler.distribution(row(0)), next: sampler.next(row(0)), method)
      })
  }
}

/// The ways to choose a token that are timed, each alone, with settings that people use.
package enum SamplingMethod: String, CaseIterable, Codable, Sendable {
  case greedy
  case topK = "top-k 40"
  case topP = "top-p 0.95"
  case minP = "min-p 0.05"
  case typical = "typical 0.95"
  case full

  package var settings: SamplerSettings {
    var settings = SamplerSettings()
    switch self {
    case .greedy: settings.temperature = 0
    case .topK: settings.topK = 40
    case .topP: settings.topP = 0.95
    case .minP: settings.minP = 0.05
    case .typical: settings.typicalP = 0.95
    case .full: break
    }
    return settings
  }
}
