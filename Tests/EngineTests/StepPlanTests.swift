import Engine
import KernelContract
import Kernels
import Model
import TestSupport
import Testing

/// Plans name the kernels that run, also those of instruction sets that this machine lacks.
@Suite struct StepPlanTests {
  private func names(
    _ model: LoadedModel, _ selection: KernelSelection, tokens: Int, sequences: Int = 1,
    cache: CacheFormat = .f16, context: Int = 3
  ) -> [OperationClass: Set<String>] {
    StepPlan(model, selection, keyFormat: cache, valueFormat: cache)
      .operations(tokens: tokens, context: context, sequences: sequences, logitRows: sequences)
      .reduce(into: [:]) { $0[$1.operationClass, default: []].insert($1.kernel.description) }
  }

  private func expectListed(_ model: LoadedModel) {
    let listed = Set(KernelList.listed)
    for isa in InstructionSet.allCases {
      for activations in ActivationMode.allCases {
        let selection = KernelSelection(of: isa, activations: activations)
        for (tokens, sequences) in [(1, 1), (1, 5), (1, 20), (13, 1), (40, 1), (20, 2)] {
          let plan = StepPlan(model, selection, keyFormat: .f16, valueFormat: .q8_0)
            .operations(tokens: tokens, context: 7, sequences: sequences, logitRows: sequences)
          #expect(listed.isSuperset(of: plan.map(\.kernel)), "\(isa) \(activations) \(tokens)")
          #expect(plan.allSatisfy { $0.kernel.isa <= isa })
        }
      }
    }
  }

  @Test(arguments: Fixtures.models) func allThatAFileNamesIsListed(name: String) throws {
    expectListed(try TestEngine.load(Fixtures.model(name)))
  }

  @Test(arguments: ["smollm2-135m", "qwen3-0.6b", "gemma-3-270m"]) func allThatAPresetNamesIsListed(name: String) throws
  {
    expectListed(try LoadedModel(try Preset.named(name).source(format: .q4_K, seed: 1, layers: 1)))
  }

  /// Twelve tokens make products go to tiles, sixteen of one sequence attention; what rows take is AVX-512's.
  @Test func tilesAreNamedWhereTheyRun() throws {
    let model = try LoadedModel(try Preset.named("smollm2-135m").source(format: .q8_0, seed: 1, layers: 1))
    let selection = KernelSelection(of: .amx)
    let decode = names(model, selection, tokens: 1)
    #expect(decode[.matmul] == ["matvec.q8_0.int8.avx512vnni"] && decode[.attention] == ["attention.f32.avx512vnni"])
    #expect(decode[.activation] == ["swiglu.f32.avx512vnni"] && decode[.head] == decode[.matmul])
    let short = names(model, selection, tokens: 12)
    #expect(short[.matmul] == ["matmul.q8_0.bf16.amx", "gate_up.bf16.amx"])
    #expect(short[.activation] == ["gate_up.bf16.amx"] && short[.attention] == ["attention.f32.avx512vnni"])
    let prompt = names(model, selection, tokens: 16)
    #expect(prompt[.attention] == ["attention.bf16.amx"] && prompt[.norm] == ["norm.f32.avx512vnni"])
    #expect(prompt[.rotation] == ["rope.f32.avx512vnni"] && prompt[.embedding] == ["embedding.q8_0.f32.baseline"])
    #expect(prompt[.head] == ["matvec.q8_0.int8.avx512vnni"])
    #expect(names(model, selection, tokens: 16, sequences: 2)[.attention] == ["attention.f32.avx512vnni"])
    for activations in [ActivationMode.int8, .f32] {
      let plan = names(model, KernelSelection(of: .amx, activations: activations), tokens: 40)
      #expect(plan.values.joined().allSatisfy { !$0.hasSuffix("amx") })
    }
  }

  /// One kernel reads every format of the cache.
  @Test func attentionDoesNotDependOnTheCache() throws {
    let model = try TestEngine.load(Fixtures.model("llama"))
    for isa in InstructionSet.allCases {
      for tokens in [1, 40] {
        let attention = CacheFormat.allCases.map { cache in
          names(model, KernelSelection(of: isa), tokens: tokens, cache: cache)[.attention]
        }
        #expect(Set(attention).count == 1)
      }
    }
  }

  /// An engine's own plan is that of its selection.
  @Test func anEnginePlansWithWhatItTakes() throws {
    let model = try TestEngine.load(Fixtures.model("qwen2"))
    for isa in TestEngine.usable {
      let engine = try Engine(model, TestEngine.options(.auto, isa: isa, context: 64))
      let kernels = Set(engine.operations(tokens: 20, context: 0, logitRows: 1).map(\.kernel))
      #expect(kernels.contains(engine.kernels.vectors.identity(.ropeNeox)))
      #expect(kernels.contains(engine.kernels.vectors.identity(.add)), "biases")
      #expect(kernels.isSubset(of: engine.kernels.identities(tokens: 20).union(engine.kernels.identities(tokens: 1))))
    }
  }
}
