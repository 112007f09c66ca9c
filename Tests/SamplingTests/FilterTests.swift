import Engine
import KernelContract
import Kernels
import Testing

private let filters: [SamplerSettings] = [
  settings { _ in },
  settings { $0.temperature = 0.3 },
  settings { $0.temperature = 40 },
  settings { $0.topK = 1 },
  settings { $0.topK = 7 },
  settings { $0.topK = 40 },
  settings { $0.topK = 700 },
  settings { $0.topK = 1_000_000 },
  settings { $0.topP = 0 },
  settings { $0.topP = 0.1 },
  settings { $0.topP = 0.9003 },
  settings { $0.topP = 0.9997 },
  settings { $0.minP = 1e-6 },
  settings { $0.minP = 0.05 },
  settings { $0.minP = 1 },
  settings { $0.typicalP = 0 },
  settings { $0.typicalP = 0.2003 },
  settings { $0.typicalP = 0.9503 },
  settings { $0.typicalP = 0.99997 },
  settings { ($0.topK, $0.topP, $0.minP, $0.temperature) = (40, 0.9503, 0.05, 0.8) },
  settings { ($0.typicalP, $0.topP) = (0.9003, 0.8003) },
  settings { ($0.typicalP, $0.minP) = (0.5003, 0.3) },
  settings { ($0.topP, $0.minP) = (0.9003, 0.02) },
  settings { ($0.topK, $0.typicalP, $0.topP, $0.minP, $0.temperature) = (300, 0.9703, 0.9303, 0.001, 1.7) },
]

/// The tokens that the definition lets come, no other, with its probabilities.
@Suite struct FilterTests {
  @Test(arguments: usableSets, Rows.allCases)
  func small(isa: InstructionSet, rows: Rows) throws {
    for count in [1, 2, 3, 15, 16, 17, 63, 64, 65, 127, 1000] {
      for settings in filters { try check(rows, count, settings, isa) }
    }
  }

  @Test(arguments: usableSets, Rows.allCases)
  func large(isa: InstructionSet, rows: Rows) throws {
    for settings in filters { try check(rows, 20_011, settings, isa) }
  }

  /// As many tokens as large models have, by the best instruction set.
  @Test(arguments: [Rows.flat, .near, .equal])
  func vocabulary(rows: Rows) throws {
    for settings in [
      settings { $0.topP = 0.9503 }, settings { $0.typicalP = 0.9503 },
    ] {
      try check(rows, 131_072, settings, KernelSelection().isa)
    }
  }

  private func check(_ rows: Rows, _ count: Int, _ settings: SamplerSettings, _ isa: InstructionSet) throws {
    let logits = rows.logits(count)
    let sampler = try Sampler(settings, kernels: KernelList.sampling(isa), vocabularySize: count)
    let found = logits.withUnsafeBufferPointer { sampler.distribution($0) }
    let expected = Definition.distribution(logits, settings)
    let doubtful = Set(found.map(\.token)).symmetricDifference(expected.keys)
    if !doubtful.isEmpty {
      // A token may lie so close to the edge of a share that the Float weights' rounding decides.
      let (fewer, more) = (tokens(logits, settings, by: -2e-7), tokens(logits, settings, by: 2e-7))
      #expect(doubtful.isDisjoint(with: fewer) && doubtful.isSubset(of: more), "\(rows) \(count) \(settings)")
    }
    // Weights are good to 2⁻²², and the exponent that they are taken of to 2⁻²³ of itself, which is 88 at most.
    for (token, probability) in found where !doubtful.contains(token) {
      let exact = expected[token]!
      #expect(abs(probability - exact) <= exact * 2e-5, "\(rows) \(count) token \(token) \(settings)")
    }
  }

  private func tokens(_ logits: [Float], _ settings: SamplerSettings, by difference: Double) -> Set<Int32> {
    var settings = settings
    if settings.topP < 1 { settings.topP += difference }
    if settings.typicalP < 1 { settings.typicalP += difference }
    return Set(Definition.distribution(logits, settings).keys)
  }

  /// 1000 equal logits, 0.0723 of them: 72.3, so that the 73 first ones are needed.
  @Test(arguments: usableSets)
  func equalLogitsStayInOrder(isa: InstructionSet) throws {
    let logits = [Float](repeating: 2.5, count: 1000)
    for settings in [
      settings { $0.topK = 73 }, settings { $0.topP = 0.0723 }, settings { $0.typicalP = 0.0723 },
    ] {
      let sampler = try Sampler(settings, kernels: KernelList.sampling(isa), vocabularySize: 1000)
      let tokens = logits.withUnsafeBufferPointer { sampler.distribution($0) }.map(\.token)
      #expect(tokens == Array(0..<73))
    }
  }

  /// Probabilities ½, ¼, ⅛, ⅛ in tokens 2, 0, 1, 3. Entropy: ½·1 + ¼·2 + 2·⅛·3 = 1.75 bits; surprise less entropy:
  /// 2: −0.75, 0: 0.25, 1 and 3: 1.25.
  @Test func workedByHand() throws {
    let logits: [Float] = [2, 1, 3, 1].map { $0 * 0.693_147_2 }
    func tokens(_ change: (inout SamplerSettings) -> Void) throws -> [Int32] {
      let sampler = try Sampler(settings(change), kernels: KernelList.sampling(.baseline), vocabularySize: 4)
      return logits.withUnsafeBufferPointer { sampler.distribution($0) }.map(\.token)
    }
    #expect(try tokens { $0.topK = 3 } == [0, 1, 2])
    #expect(try tokens { $0.topP = 0.4 } == [2])
    #expect(try tokens { $0.topP = 0.7 } == [0, 2])
    #expect(try tokens { $0.topP = 0.8 } == [0, 1, 2])
    #expect(try tokens { $0.minP = 0.4 } == [0, 2])
    #expect(try tokens { $0.minP = 0.6 } == [2])
    #expect(try tokens { $0.typicalP = 0.2 } == [0])
    #expect(try tokens { $0.typicalP = 0.7 } == [0, 2])
    #expect(try tokens { $0.typicalP = 0.8 } == [0, 1, 2])
    // The nucleus is taken from tokens 0, 1 and 2, which have 4/7, 2/7 and 1/7 of what is left, and not from all four: token 2
    // alone reaches 0.57.
    #expect(try tokens { ($0.topK, $0.topP) = (3, 0.57) } == [2])
  }
}
