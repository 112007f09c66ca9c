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
    // The same above the border does not move it: 1 + 1 + 6/8 + 20/16 = 4 at 8, 1 + 1 + 1 + 20/16 at 16, 1 + 1 + 1 + 1 at never.
    #expect(Tuner.manyTokens(Self.timings(few, [2: 6, 4: 6, 8: 6, 16: 20])) == 8)
  }

  /// Where many are never cheaper, as where nothing is to be unpacked, they are never taken.
  @Test func theBorderMayLieAtEitherEnd() {
    #expect(Tuner.manyTokens(Self.timings([1: 2, 2: 4], [1: 1, 2: 1])) == 1)
    #expect(Tuner.manyTokens(Self.timings([1: 1, 512: 512], [1: 2, 512: 584])) == KernelTuning.never)
    #expect(Tuner.manyTokens([]) == KernelTuning.never)
  }

  @Test func everyCountIsTimedOnBothKernels() throws {
    let measured = try #require(
      Tuner.measure([.q4_0, .q8_0], pace: RoofPace(rounds: 1, secondsEach: 0, warmUpSeconds: 0)).value)
    #expect(measured.timings.count == 2 * Tuner.tokenCounts.count)
    #expect(measured.timings.allSatisfy { $0.fewSeconds > 0 && $0.manySeconds > 0 })
    #expect(measured.isa == InstructionSetStatus.best)
    for format in WeightFormat.allCases {
      let timings = measured.timings.filter { $0.format == format }
      #expect(measured.tuning[format] == (timings.isEmpty ? 12 : Tuner.manyTokens(timings)))
    }
    #expect(measured.tuning.formats == [.q8_0, .q4_0])
  }

  @Test func theSelectionGoesByTheTuning() throws {
    let selection = try KernelSelection(tuning: KernelTuning([.q4_0: 3, .q8_0: KernelTuning.never]))
    #expect(selection.matrix(.q8_0, tokens: 1 << 20).identity == selection.few(.q8_0).identity)
    #expect(selection.matrix(.f16, tokens: 11).identity == selection.few(.f16).identity)
    #expect(selection.matrix(.f16, tokens: 12).identity == selection.many(.f16).identity)
    for format in [WeightFormat.q4_0] {
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
      time: "2026-01-31T09:30:00Z", isa: InstructionSetStatus.best,
      tuning: KernelTuning([.q4_0: 5, .q8_0: KernelTuning.never]), timings: [])
    try tuning.store(in: cache)
    #expect(try MeasuredTuning.load(from: cache) == tuning)
    let again = tuning.updated(
      by: MeasuredTuning(time: "2026-02-01T09:30:00Z", isa: tuning.isa, tuning: KernelTuning([.q4_0: 9]), timings: []))
    #expect(again.tuning == KernelTuning([.q4_0: 9, .q8_0: KernelTuning.never]) && again.time.hasPrefix("2026-02"))
    for manyTokens in [0, -1, 1025] {
      tuning.tuning[.q4_0] = manyTokens
      try tuning.store(in: cache)
      #expect(throws: RecordError.self) { try MeasuredTuning.load(from: cache) }
    }
    // Made when the system granted other instructions.
    tuning.tuning[.q4_0] = 5
    tuning.isa = InstructionSetStatus.best == .baseline ? .amx : .baseline
    try tuning.store(in: cache)
    #expect(try MeasuredTuning.load(from: cache) == nil)
  }
}
