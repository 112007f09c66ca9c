import Engine
import KernelContract
import Kernels
import Testing

@Suite struct GreedyTests {
  private func choose(
    _ logits: [Float], _ isa: InstructionSet, _ settings: SamplerSettings = .greedy
  ) throws -> Int32 {
    var sampler = try Sampler(settings, kernels: KernelList.sampling(isa), vocabularySize: logits.count)
    return logits.withUnsafeBufferPointer { sampler.next($0) }
  }

  @Test(arguments: usableSets)
  func takesTheFirstLargest(isa: InstructionSet) throws {
    for count in [1, 2, 16, 17, 63, 64, 65, 1000, 1024, 1025, 5000] {
      for rows in Rows.allCases {
        let logits = rows.logits(count)
        let best = logits.filter { !$0.isNaN }.max()
        let expected = best.flatMap { logits.firstIndex(of: $0) } ?? 0
        #expect(try choose(logits, isa) == Int32(expected), "\(rows) \(count)")
      }
    }
  }

  @Test(arguments: usableSets)
  func notANumberNeverWins(isa: InstructionSet) throws {
    let nan = Float.nan
    #expect(try choose([nan, 1, nan], isa) == 1)
    #expect(try choose([nan, -.infinity, nan], isa) == 1)
    #expect(try choose([nan, nan], isa) == 0)
    #expect(try choose([-.infinity, -.infinity], isa) == 0)
    #expect(try choose([0, .infinity, nan, .infinity], isa) == 1)
    #expect(try choose([-0.0, 0.0], isa) == 0)
  }

  /// Every chain has to end with a token where there is nothing to filter.
  @Test(arguments: usableSets)
  func chainsFallBack(isa: InstructionSet) throws {
    let chain = settings { ($0.topK, $0.typicalP, $0.topP, $0.minP) = (3, 0.9, 0.9, 0.1) }
    for settings in [SamplerSettings(), chain] {
      #expect(try choose([.nan, -.infinity, .nan], isa, settings) == 1)
      #expect(try choose([.nan, .nan], isa, settings) == 0)
      #expect(try choose([0, .infinity, .infinity], isa, settings) == 1)
      #expect(try choose([.nan, -.infinity, 3, .nan], isa, settings) == 2)
      #expect(try choose([-3e38], isa, settings) == 0)
      #expect(try choose([-3e38, 3e38], isa, settings) == 1)
    }
  }

  /// A difference of 10⁻³ decides at temperature 10⁻⁶ (e⁻¹⁰⁰⁰), and so does the smallest at 10⁻³⁰⁰.
  @Test(arguments: usableSets)
  func coldIsGreedy(isa: InstructionSet) throws {
    for (temperature, difference) in [(1e-6, Float(1e-3)), (1e-300, Float(1).ulp)] {
      for step in 0..<20 {
        var sampler = try Sampler(
          settings { $0.temperature = temperature }, kernels: KernelList.sampling(isa), vocabularySize: 3)
        sampler.step = UInt64(step)
        #expect([1, 1 + difference, 1].withUnsafeBufferPointer { sampler.next($0) } == 1)
      }
    }
  }

  /// At the largest temperature every token is as probable as any other, but for those that cannot come.
  @Test(arguments: usableSets)
  func hotIsUniform(isa: InstructionSet) throws {
    let logits: [Float] = [-1000, 5, .nan, 1000, -.infinity]
    for temperature in [1e30, .greatestFiniteMagnitude] {
      let sampler = try Sampler(
        settings { $0.temperature = temperature }, kernels: KernelList.sampling(isa), vocabularySize: 5)
      let found = logits.withUnsafeBufferPointer { sampler.distribution($0) }
      #expect(found.map(\.token) == [0, 1, 3])
      #expect(found.allSatisfy { abs($0.probability - 1.0 / 3) < 1e-6 })
    }
  }
}
