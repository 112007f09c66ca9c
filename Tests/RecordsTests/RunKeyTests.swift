import Records
import TestSupport
import Testing

@Suite struct RunKeyTests {
  @Test func aPlannedRunIsFoundAmongThoseThatRan() {
    let run = sampleRun()
    let planned = RunKey(
      machineFingerprint: "f00d", model: sampleModel(), configuration: sampleConfiguration,
      shape: RunShape(phase: .decode, generatedTokens: 3, contextTokens: 128), repetition: 0)
    #expect(run.key == planned)
  }

  @Test func kernelsAndTimesDoNotMatter() {
    var other = sampleRun(walls: [1])
    other.configuration.kernels = []
    other.time = "2027-01-01T00:00:00Z"
    other.verdict = []
    #expect(other.key == sampleRun().key)
  }

  @Test func everySettingMatters() {
    let changes: [(inout RunRecord) -> Void] = [
      { $0.phase = .prefill }, { $0.promptTokens = 9 }, { $0.generatedTokens = 9 }, { $0.contextTokens = 9 },
      { $0.sequences = 9 }, { $0.repetition = 9 }, { $0.machineFingerprint = "" }, { $0.model.name = "" },
      { $0.model.format = "" }, { $0.model.source = "" }, { $0.configuration.threads = 9 },
      { $0.configuration.isa = "" }, { $0.configuration.activations = "" }, { $0.configuration.keyType = "" },
      { $0.configuration.valueType = "" }, { $0.configuration.batch = 9 }, { $0.configuration.microBatch = 9 },
      { $0.configuration.pinned = false }, { $0.process = 0 }, { $0.process = 1 },
    ]
    var keys: Set = [sampleRun().key]
    for change in changes {
      var run = sampleRun()
      change(&run)
      keys.insert(run.key)
    }
    #expect(keys.count == changes.count + 1)
  }

  @Test func aBenchShapeIsItsRuns() {
    let shape = BenchShape(promptTokens: 12, generatedTokens: 3, depth: 20, sequences: 2)
    let prefill = RunShape(phase: .prefill, promptTokens: 12, contextTokens: 20, sequences: 2)
    let decode = RunShape(phase: .decode, generatedTokens: 3, contextTokens: 32, sequences: 2)
    #expect(shape.runs == [prefill, decode] && shape.tokens == 30)
    #expect(BenchShape(promptTokens: 12, generatedTokens: 0, depth: 20, sequences: 2).runs == [prefill])
    #expect(BenchShape(promptTokens: 0, generatedTokens: 3, depth: 32, sequences: 2).runs == [decode])
  }
}
