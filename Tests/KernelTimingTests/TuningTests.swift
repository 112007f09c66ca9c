import KernelContract
import KernelTiming
import Kernels
import Records
import TestSupport
import Testing

@Suite struct TuningTests {
  private static func timings(
    _ few: [Int: Double], _ many: [Int: Double], format: WeightFormat = .q4_0
  ) -> [MeasuredTuning.Timing] {
    few.map { MeasuredTuning.Timing(format: format, tokens: $0, fewSeconds: $1, manySeconds: many[$0]!) }
  }

  /// Few cost 1 a token, many 6 whatever their number: equal at 6, cheaper from 8 on.
  @Test func theBorderLiesWhereManyBecomeCheaper() {
    let few = [2: 2.0, 4: 4.0, 8: 8.0, 16: 16.0]
    let many = [2: 6.0, 4: 6.0, 8: 6.0, 16: 6.0]
    #expect(Tuner.manyTokens(Self.timings(few, many)) == 8)
    // One disturbed time in the middle: with the border at 4 or 8 or 16 the sums are
    // 1 + 6/4 + 9/8 + 6/16 = 4, 1 + 1 + 9/8 + 6/16 = 3.5, 1 + 1 + 1 + 6/16 = 3.375.
    #expect(Tuner.manyTokens(Self.timings(few, [2: 6, 4: 6, 8: 9, 16: 6])) == 16)
    // The same above the border does not move it: 1 + 1 + 6/8 + 20/16 = 4 at 8, 1 + 1 + 1 + 20/16 at 16, 1 + 1 + 1 + 1 at 17.
    #expect(Tuner.manyTokens(Self.timings(few, [2: 6, 4: 6, 8: 6, 16: 20])) == 8)
  }

  @Test func theBorderMayLieAtEitherEnd() {
    #expect(Tuner.manyTokens(Self.timings([1: 2, 2: 4], [1: 1, 2: 1])) == 1)
    #expect(Tuner.manyTokens(Self.timings([1: 1, 2: 1], [1: 2, 2: 4])) == 3)
    #expect(Tuner.manyTokens([]) == nil)
  }

  /// A slow format counts no more than a fast one: a thousand times the seconds are the same shares.
  @Test func formatsCountAlike() {
    let slow = Self.timings([2: 2000, 4: 4000], [2: 4200, 4: 4200], format: .q4_K)
    let fast = Self.timings([2: 2, 4: 4], [2: 1, 4: 1])
    // Cheapest by the token: 1000 and 0.25. Border 2: (2.1 + 1.05) + (2 + 1); 4: (1 + 1.05) + (4 + 1); 5: (1 + 1) + (4 + 4).
    #expect(Tuner.manyTokens(slow + fast) == 2)
    #expect(Tuner.manyTokens(slow) == 5)
  }

  @Test func everyCountIsTimedOnBothKernels() throws {
    let measured = try #require(
      Tuner.measure(pace: RoofPace(rounds: 1, secondsEach: 0, warmUpSeconds: 0)).value)
    let selection = try KernelSelection()
    let tuned = Tuner.formats.filter { selection.few($0).identity != selection.many($0).identity }
    #expect(measured.timings.count == tuned.count * Tuner.tokenCounts.count)
    #expect(measured.timings.allSatisfy { $0.fewSeconds > 0 && $0.manySeconds > 0 })
    #expect(measured.isa == InstructionSetStatus.best)
    #expect(KernelTuning.manyTokensRange.contains(measured.tuning.manyTokens))
    if tuned.isEmpty { #expect(measured.tuning == .standard) }
  }

  @Test func theSelectionGoesByTheTuning() throws {
    let selection = try KernelSelection(tuning: KernelTuning(manyTokens: 3))
    for format in WeightFormat.allCases {
      #expect(selection.matrix(format, tokens: 2).identity == selection.few(format).identity)
      #expect(selection.matrix(format, tokens: 3).identity == selection.many(format).identity)
    }
    #expect(try KernelSelection().tuning == .standard)
  }

  @Test func aStoredTuningComesBackUnlessItIsAbsurd() throws {
    let tree = FakeTree()
    let cache = MachineCache(in: MachineFiles(environment: { _ in tree.root }, fingerprint: "f00d"), toolVersion: "1")
    #expect(try MeasuredTuning.load(from: cache) == nil)
    var tuning = MeasuredTuning(
      time: "2026-01-31T09:30:00Z", isa: InstructionSetStatus.best, tuning: KernelTuning(manyTokens: 5), timings: [])
    try tuning.store(in: cache)
    #expect(try MeasuredTuning.load(from: cache) == tuning)
    for manyTokens in [0, -1, 1025, .max] {
      tuning.tuning.manyTokens = manyTokens
      try tuning.store(in: cache)
      #expect(throws: RecordError.self) { try MeasuredTuning.load(from: cache) }
    }
    // Made when the system granted other instructions.
    tuning.tuning.manyTokens = 5
    tuning.isa = InstructionSetStatus.best == .baseline ? .amx : .baseline
    try tuning.store(in: cache)
    #expect(try MeasuredTuning.load(from: cache) == nil)
  }
}
