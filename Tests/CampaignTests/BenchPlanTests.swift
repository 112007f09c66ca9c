import Campaign
import Records
import Testing

@Suite struct BenchPlanTests {
  private func names(_ change: (inout BenchRequest) -> Void) throws -> [String] {
    var request = BenchRequest(threads: [2])
    change(&request)
    return try BenchPlan(request).tests.map { "\($0.shape.name) t\($0.settings.threads) x\($0.shape.sequences)" }
  }

  @Test func hasTheDefaultsOfLlamaBench() throws {
    let plan = try BenchPlan(BenchRequest(threads: [2]))
    #expect(plan.tests.map(\.shape.name) == ["pp512", "tg128"])
    #expect(plan.repetitions == 5)
    #expect(plan.warmsUp)
    #expect(plan.tests.allSatisfy { $0.settings.batch == 2048 && $0.settings.microBatch == 512 })
  }

  @Test func runsEveryCombination() throws {
    // Prompts, generations, then both together, within sequences, within depths, within threads.
    let tests = try names {
      $0.promptTokens = [8, 16]
      $0.generatedTokens = [4]
      $0.combined = [.init(promptTokens: 8, generatedTokens: 4)]
      $0.depths = [0, 32]
      $0.threads = [1, 2]
      $0.sequences = [1, 3]
    }
    // A prompt test reads one prompt: four tests with one sequence, two with three.
    #expect(tests.count == (4 + 2) * 2 * 2)
    #expect(
      tests.prefix(6) == ["pp8 t1 x1", "pp16 t1 x1", "tg4 t1 x1", "pp8+tg4 t1 x1", "tg4 t1 x3", "pp8+tg4 t1 x3"])
    #expect(tests[6] == "pp8 @ d32 t1 x1")
    #expect(tests[12] == "pp8 t2 x1")
    #expect(tests.last == "pp8+tg4 @ d32 t2 x3")
  }

  @Test func takesFormatsAndBatchesIntoTheProduct() throws {
    var request = BenchRequest(threads: [1])
    request.generatedTokens = []
    request.batches = [64, 2048]
    request.microBatches = [128]
    request.keyFormats = [.f16, .q8_0]
    request.valueFormats = [.f16, .f32]
    let settings = try BenchPlan(request).tests.map(\.settings)
    #expect(settings.count == 8)
    #expect(Set(settings).count == 8)
    // A micro-batch is never larger than its batch.
    #expect(settings.map(\.microBatch) == Array(repeating: 64, count: 4) + Array(repeating: 128, count: 4))
  }

  @Test func leavesZerosOut() throws {
    #expect(try names { $0.promptTokens = [0] } == ["tg128 t2 x1"])
    #expect(throws: CampaignError.self) {
      try names {
        $0.promptTokens = [0]
        $0.generatedTokens = [0]
      }
    }
  }

  @Test(
    arguments: [
      { $0.promptTokens = [-1] }, { $0.depths = [1 << 40] }, { $0.sequences = [0] }, { $0.threads = [0] },
      { $0.batches = [0] }, { $0.microBatches = [-5] }, { $0.repetitions = 0 },
      { $0.combined = [.init(promptTokens: .max, generatedTokens: .max)] },
    ] as [@Sendable (inout BenchRequest) -> Void])
  func refusesWhatCannotBeRun(change: @Sendable (inout BenchRequest) -> Void) {
    #expect(throws: CampaignError.self) { try names(change) }
  }
}
