import Campaign
import EnergyModel
import Engine
import KernelContract
import Kernels
import Records
import Testing

@Suite struct PhaseRunnerTests {
  @Test func decodesOneSampleATokenAtGrowingContext() throws {
    let runner = try Fixture.runner(sequences: 2)
    let run = try runner.decode(5, sequences: 2, depth: 9)
    #expect(run.shape == RunShape(phase: .decode, generatedTokens: 5, contextTokens: 9, sequences: 2))
    #expect(run.steps.map(\.contextTokens) == [9, 10, 11, 12, 13])
    #expect(run.steps.allSatisfy { $0.tokens == 2 && $0.nanoseconds == 1_000_000 })
    #expect((0..<2).allSatisfy { runner.engine.length(of: $0) == 14 })
  }

  @Test func prefillsOneSampleASequence() throws {
    let runner = try Fixture.runner(sequences: 3)
    let run = try runner.prefill(20, sequences: 3, depth: 4)
    #expect(run.steps.map(\.contextTokens) == [4, 4, 4])
    #expect(run.steps.map(\.tokens) == [20, 20, 20])
    #expect((0..<3).allSatisfy { runner.engine.length(of: $0) == 24 })
  }

  /// 70 tokens are two blocks of 32 and six; of each the 301 logits are read, 4 bytes each.
  @Test func samplesInBlocksFromTheLastLogits() throws {
    let runner = try Fixture.runner()
    _ = try runner.decode(1)
    let run = try runner.sample(70)
    #expect(run.shape == RunShape(phase: .sampling, generatedTokens: 70))
    #expect(run.steps.map(\.tokens) == [32, 32, 6])
    #expect(run.costs.account.classes == [.sampling])
    #expect(run.costs.account.total.bytesRead == 84280 && run.costs.account.total.flops == 0)
    #expect(runner.engine.length(of: 0) == 1)
  }

  @Test func decodeCostsAreTheSumOfTheEnginesOwn() throws {
    let runner = try Fixture.runner(sequences: 2)
    let run = try runner.decode(3, sequences: 2, depth: 7)
    for operation in OperationClass.allCases {
      let expected = (7..<10).map {
        runner.engine.costs(tokens: 1, context: $0, sequences: 2, logitRows: 2)[operation, default: .zero]
      }.reduce(OperationCost.zero, +)
      #expect(run.costs.account[operation].flops.value == Double(expected.flops))
      #expect(run.costs.account[operation].bytesRead.value == Double(expected.bytesRead))
      #expect(run.costs.account[operation].bytesWritten.value == Double(expected.bytesWritten))
    }
  }

  @Test func prefillCostsFollowBatchesAndMicroBatches() throws {
    let runner = try Fixture.runner()
    // Batches of 16 in micro-batches of 8: 22 tokens after 4 are 8 + 8 and 6, logits at the end of each batch.
    let run = try runner.prefill(22, depth: 4)
    let steps = [(8, 4, 0), (8, 12, 1), (6, 20, 1)]
    for operation in OperationClass.allCases {
      let expected = steps.map { tokens, context, rows in
        runner.engine.costs(tokens: tokens, context: context, logitRows: rows)[operation, default: .zero]
      }.reduce(OperationCost.zero, +)
      #expect(run.costs.account[operation].flops.value == Double(expected.flops))
      #expect(run.costs.account[operation].bytesRead.value == Double(expected.bytesRead))
    }
    #expect(!run.costs.kernels.isEmpty)
  }

  /// Arithmetic decides what an operation costs in energy: attention's is the same for every cache, and bfloat16 on tiles.
  @Test func whatAttentionCostsDoesNotDependOnTheCache() throws {
    let shape = RunShape(phase: .prefill, promptTokens: 20, contextTokens: 4)
    let workbench = try Fixture.workbench()
    for activations in ActivationMode.allCases {
      let operations = try CacheFormat.allCases.map { format in
        var settings = Fixture.settings
        (settings.keyFormat, settings.valueFormat, settings.activations) = (format, format, activations)
        return PhaseCosts(shape, on: try workbench.engine(settings, contextLength: 64), batch: 64).operations
      }
      #expect(Set(operations).count == 1 && !operations[0].isEmpty)
    }
    #expect(EnergyTerm(KernelIdentity(.attention, isa: .avx512vnni)) == .float32)
    #expect(EnergyTerm(KernelIdentity(.attention, activations: .bf16, isa: .amx)) == .tileBFloat16)
    #expect(EnergyTerm(KernelIdentity(.matvec, weights: .q4_0, activations: .int8, isa: .avx512vnni)) == .int8)
    #expect(EnergyTerm(KernelIdentity(.peak, activations: .int8, isa: .amx)) == .tileInt8)
    #expect(EnergyTerm(KernelIdentity(.embedding, weights: .q8_0, isa: .baseline)) == .float32)
  }

  @Test func repeatsARunFromTheSameDepth() throws {
    let runner = try Fixture.runner()
    var logits: [[Float]] = []
    for _ in 0..<2 {
      _ = try runner.decode(4, depth: 10)
      logits.append(Array(runner.engine.logits(0)))
    }
    // What lies between is longer and shorter; the depth is restored all the same.
    _ = try runner.prefill(30)
    _ = try runner.decode(4, depth: 10)
    logits.append(Array(runner.engine.logits(0)))
    #expect(logits[0] == logits[1])
    #expect(logits[0] == logits[2])
  }

  @Test func drawsTheSameTokensForTheSameSeed() {
    let supply = TokenSupply(seed: 7, vocabulary: 301)
    let all = supply.tokens(sequence: 1, positions: 0..<50)
    #expect(supply.tokens(sequence: 1, positions: 20..<50) == Array(all[20...]))
    #expect(all.allSatisfy { (0..<301).contains($0) })
    #expect(Set(all).count > 30)
    #expect(supply.tokens(sequence: 2, positions: 0..<50) != all)
    #expect(TokenSupply(seed: 8, vocabulary: 301).tokens(sequence: 1, positions: 0..<50) != all)
  }

  @Test func refusesWhatTheContextCannotHold() throws {
    let runner = try Fixture.runner(contextLength: 16)
    #expect(throws: EngineError.self) { try runner.prefill(17) }
    #expect(throws: EngineError.self) { try runner.decode(8, depth: 10) }
  }
}
