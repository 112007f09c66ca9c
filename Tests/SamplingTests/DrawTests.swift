import Engine
import KernelContract
import Kernels
import Testing

private let chains: [SamplerSettings] = [
  settings { _ in },
  settings { $0.temperature = 0.7 },
  settings { $0.temperature = 1.8 },
  settings { $0.topK = 12 },
  settings { $0.topP = 0.9003 },
  settings { $0.minP = 0.02 },
  settings { $0.typicalP = 0.8003 },
  settings { ($0.topK, $0.topP, $0.minP, $0.temperature) = (40, 0.9503, 0.05, 0.8) },
  settings { ($0.topK, $0.typicalP, $0.topP, $0.minP, $0.temperature) = (300, 0.9703, 0.9303, 0.001, 1.7) },
]

/// Frequencies of draws against the definition. Seeds are fixed: a failure is a defect and not chance, which is one in a
/// million for each.
@Suite struct DrawTests {
  @Test(arguments: chains)
  func smallVocabulary(chain: SamplerSettings) throws {
    for rows in [Rows.wide, .flat, .tied, .broken] { try check(rows, 90, chain, draws: 20_000, KernelSelection().isa) }
  }

  @Test(arguments: chains)
  func largeVocabulary(chain: SamplerSettings) throws {
    for rows in [Rows.peaked, .wide] { try check(rows, 32_000, chain, draws: 4000, KernelSelection().isa) }
  }

  /// Where most tokens stay, and where most draws are of tokens that do not: too many to count each, so that they share cells.
  @Test(arguments: [(0.9503, 1), (0.1003, 1), (0.9503, 0.8)])
  func flatVocabulary(share: Double, temperature: Double) throws {
    for chain in [
      settings { ($0.topP, $0.temperature) = (share, temperature) },
      settings { ($0.typicalP, $0.temperature) = (share, temperature) },
    ] {
      for rows in [Rows.flat, .near] { try check(rows, 32_000, chain, draws: 4000, KernelSelection().isa, cells: 61) }
    }
  }

  @Test(arguments: usableSets)
  func everyInstructionSet(isa: InstructionSet) throws {
    try check(.wide, 333, chains[0], draws: 10_000, isa)
    try check(.wide, 333, chains[7], draws: 10_000, isa)
  }

  private func check(
    _ rows: Rows, _ count: Int, _ chain: SamplerSettings, draws: Int, _ isa: InstructionSet,
    cells: Int32 = .max
  ) throws {
    let logits = rows.logits(count, seed: 5)
    let distribution = Definition.distribution(logits, chain)
    let expected = Dictionary(distribution.map { ($0 % cells, $1) }, uniquingKeysWith: +)
    var sampler = try Sampler(chain, kernels: KernelList.sampling(isa), vocabularySize: count)
    var counts: [Int32: Int] = [:]
    logits.withUnsafeBufferPointer { buffer in
      for _ in 0..<draws {
        let token = sampler.next(buffer)
        if distribution[token] == nil { Issue.record("\(rows) \(chain): token \(token)") }
        counts[token % cells, default: 0] += 1
      }
    }
    let tail = ChiSquare.tail(counts, expected)
    #expect(tail > 1e-6, "\(rows) \(count) \(chain): \(tail)")
    // As suspicious as too far from what is expected is too close to it.
    #expect(tail <= 1 - 1e-6 || expected.count == 1 || tail == 1, "\(rows) \(count) \(chain): \(tail)")
  }

  /// Upper 10⁻⁶ points of the distribution: 23.928 for one degree of freedom, −2·ln 10⁻⁶ = 27.631 for two.
  @Test func criticalValues() {
    #expect(abs(ChiSquare.upperGamma(1, 27.631_021 / 2) / 1e-6 - 1) < 1e-5)
    #expect(abs(ChiSquare.upperGamma(0.5, 23.928_127 / 2) / 1e-6 - 1) < 1e-5)
    // Q(½, ½) = erfc(√½), Q(3, 2) = e⁻²·(1 + 2 + 2)
    #expect(abs(ChiSquare.upperGamma(0.5, 0.5) - 0.317_310_507_863) < 1e-11)
    #expect(abs(ChiSquare.upperGamma(3, 2) - 0.676_676_416_183) < 1e-11)
  }

  @Test func aStepRepeatsItsDraw() throws {
    let logits = Rows.flat.logits(500)
    var sampler = try Sampler(
      settings { $0.seed = 9 }, kernels: KernelSelection().sampling, vocabularySize: logits.count)
    try logits.withUnsafeBufferPointer { buffer in
      let first = (0..<50).map { _ in sampler.next(buffer) }
      #expect(sampler.step == 50)
      sampler.step = 0
      #expect((0..<50).map { _ in sampler.next(buffer) } == first)
      var other = try Sampler(
        settings { $0.seed = 10 }, kernels: KernelSelection().sampling, vocabularySize: logits.count)
      #expect((0..<50).map { _ in other.next(buffer) } != first)
    }
  }
}
