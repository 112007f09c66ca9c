import Campaign
import Machine
import Records
import Statistics
import Testing

@Suite struct MeasurePlanTests {
  private let model = ModelIdentity(
    name: "small", architecture: "llama", source: "small.gguf", format: "Q4_0", parameters: 1000, weightBytes: 600)

  private func plan(
    contextLength: Int = 8192, _ change: (inout MeasureRequest) -> Void = { _ in }, note: (Warning) -> Void = { _ in }
  ) throws -> MeasurePlan {
    var request = MeasureRequest(settings: EngineSettings(threads: 2))
    change(&request)
    return try MeasurePlan(
      request, toolVersion: "1", machineFingerprint: "f00d", model: model, contextLength: contextLength, note: note)
  }

  @Test func climbsFromTheEmptyContextAndEndsWithBatches() throws {
    let points = try plan().points
    #expect(points.prefix(7).map(\.contextTokens) == [0, 32, 128, 256, 512, 1024, 2048])
    #expect(points[7...8].map(\.contextTokens) == [128, 512] && points[7...8].allSatisfy { $0.cachedTokens == 1024 })
    #expect(points.dropFirst(9).map(\.sequences) == [2, 4, 8])
    #expect(points.dropFirst(9).allSatisfy { $0.contextTokens == 128 && $0.cachedTokens == nil })
  }

  /// Lengths that were asked for are read behind each depth that was asked for, where the model's context has room for both.
  @Test func promptsBehindACache() throws {
    let points = try plan(contextLength: 1000) {
      ($0.contexts, $0.cached, $0.sequences) = ([0, 100, 600], [200, 500], [])
    }.points
    #expect(points.map(\.contextTokens) == [0, 100, 600, 100, 600, 100])
    #expect(points.map(\.cachedTokens) == [nil, nil, nil, 200, 200, 500])
    #expect(try plan { $0.contexts = [0, 100] }.points.allSatisfy { $0.cachedTokens == nil })
    #expect(
      points[3].shapes(steps: 64) == [RunShape(phase: .prefill, promptTokens: 100, contextTokens: 200)])
  }

  /// Other threads and slices have all requests of one sequence.
  @Test func threadsAndSlicesRepeatTheRequests() throws {
    let points = try plan {
      ($0.contexts, $0.sequences, $0.otherThreads, $0.slices) = ([0, 100], [2], [1, 2], [4, 2])
      $0.model.layers = 6
    }.points
    #expect(points.map(\.threads) == [nil, nil, nil, 1, 1, nil, nil, nil, nil])
    #expect(points.map(\.layers) == [nil, nil, nil, nil, nil, 2, 2, 4, 4])
    #expect(throws: CampaignError.self) { try plan { ($0.slices, $0.model.layers) = ([6], 6) } }
  }

  @Test func readsAPromptBeforeDecodingBehindIt() throws {
    let shapes = MeasurePoint(contextTokens: 32).shapes(steps: 16)
    #expect(
      shapes == [
        RunShape(phase: .prefill, promptTokens: 32),
        RunShape(phase: .decode, generatedTokens: 16, contextTokens: 32),
      ])
    #expect(MeasurePoint(contextTokens: 0).shapes(steps: 16) == [RunShape(phase: .decode, generatedTokens: 16)])
    #expect(
      MeasurePoint(contextTokens: 128, sequences: 4).shapes(steps: 16) == [
        RunShape(phase: .decode, generatedTokens: 16, contextTokens: 128, sequences: 4)
      ])
  }

  @Test func endsWhereTheModelsContextEnds() throws {
    var notes: [String] = []
    // 1024 + 64 is more than 1032, 512 + 64 is not.
    let points = try plan(contextLength: 1032, note: { notes.append($0.code) }).points
    #expect(points.filter { $0.sequences == 1 }.map(\.contextTokens) == [0, 32, 128, 256, 512])
    #expect(notes == ["dropped-points"])
    // Of 40 tokens the steps take half.
    let short = try plan(contextLength: 40)
    #expect(short.steps == 20 && short.points.last == MeasurePoint(contextTokens: 0, sequences: 8))
  }

  @Test func refusesAContextThatWasAskedForAndDoesNotFit() {
    #expect(throws: CampaignError.self) { try plan(contextLength: 1032) { $0.contexts = [0, 2048] } }
    #expect(throws: CampaignError.self) { try plan(contextLength: 8) { $0.contexts = [8] } }
  }

  @Test func takesListsInAnyOrder() throws {
    let points = try plan {
      $0.contexts = [512, 0, 512, 64]
      $0.sequences = [4, 1, 2]
    }.points
    #expect(points.map(\.contextTokens) == [0, 64, 512, 64, 64])
    #expect(points.map(\.sequences) == [1, 1, 1, 2, 4])
  }

  @Test func shufflesEachRepetitionAnewAndAlwaysTheSame() throws {
    let first = try plan()
    let orders = (0..<20).map { first.order(of: $0) }
    #expect(orders.allSatisfy { Set($0) == Set(first.points) && $0.count == first.points.count })
    #expect(Set(orders).count == 20)
    #expect(try (0..<20).map { try plan().order(of: $0) } == orders)
    #expect(try plan { $0.seed = 2 }.order(of: 0) != orders[0])
    // Every point comes first sometimes: with twenty orders of ten points no place is anybody's own.
    #expect(Set(orders.map { $0[0] }).count > 5)
  }

  /// Over as many processes as there are points every point has had every place.
  @Test func processesTakeTurnsAtEveryPlace() throws {
    let plan = try plan()
    let orders = plan.points.indices.map { plan.order(of: 3, process: $0) }
    #expect(orders[0] == plan.order(of: 3))
    for place in plan.points.indices { #expect(Set(orders.map { $0[place] }) == Set(plan.points)) }
  }

  @Test func processesShareTheRepetitions() throws {
    // Six repetitions, 24 at most: of two processes 3 and 12, of ten 2 and 3.
    let two = try plan { $0.processes = 2 }
    #expect([two.repetitions, two.mostRepetitions] == [3, 12])
    let ten = try plan { $0.processes = 10 }
    #expect([ten.repetitions, ten.mostRepetitions] == [2, 3])
    #expect(try plan().processes == nil)
  }

  @Test(
    arguments: [
      { $0.steps = 0 }, { $0.processes = 0 }, { $0.repetitions = 0 }, { $0.budgetSeconds = 0 },
      { $0.budgetSeconds = .nan },
      { $0.contexts = [] }, { $0.contexts = [-1] }, { $0.sequences = [0] }, { $0.settings.threads = -1 },
    ] as [@Sendable (inout MeasureRequest) -> Void])
  func refusesWhatCannotBeMeasured(change: @Sendable (inout MeasureRequest) -> Void) {
    #expect(throws: CampaignError.self) { try plan(change) }
  }

  @Test func survivesItsFile() throws {
    let before = try plan {
      $0.model = ModelChoice(.preset(name: "qwen3-0.6b", format: .q4_K, seed: .max), layers: 2)
      $0.settings.isaCap = .avx2
    }
    let json = try RecordCoding.encode(before, pretty: true)
    #expect(try RecordCoding.decode(MeasurePlan.self, from: json) == before)
  }
}
