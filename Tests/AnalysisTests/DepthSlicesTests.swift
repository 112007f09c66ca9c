import Analysis
import Records
import TestSupport
import Testing

@Suite struct DepthSlicesTests {
  /// The sample's runs, as slices of a model of 30 layers would have taken them: what is outside of layers takes as long as ten.
  private func slices(_ counts: [Int]) -> [RunRecord] {
    counts.flatMap { count in
      SampleCampaign.runs.map { run in
        slice(run, [.init(count: count)], of: [.init(count: 30)], share: Double(count + 10) / 40)
      }
    }
  }

  private func slice(
    _ run: RunRecord, _ layers: [ModelIdentity.LayerGroup], of whole: [ModelIdentity.LayerGroup], share: Double
  ) -> RunRecord {
    var run = run
    let count = layers.reduce(0) { $0 + $1.count }
    run.model.sliceOf = .init(
      name: run.model.name, parameters: run.model.parameters, weightBytes: run.model.weightBytes, layers: whole)
    run.model.name += " (first \(count) layers)"
    run.model.layers = layers
    run.samples = run.samples.map {
      Timing(contextTokens: $0.contextTokens, wallSeconds: .init($0.wallSeconds.value * share))
    }
    run.operations = run.operations.mapValues { $0 * share }
    return run
  }

  private func summary(_ runs: [RunRecord]) -> Summary {
    SummaryBuilder.summary(of: Results(machine: SampleCampaign.machine, runs: runs))
  }

  @Test func slicesGiveTheWholeModel() throws {
    let summary = summary(slices([2, 4, 6]))
    #expect(summary.subjects.count == 1)
    let (subject, whole) = (summary.subjects[0], try #require(self.summary(SampleCampaign.runs).subjects.first))
    #expect(subject.model.name == SampleCampaign.model.name && subject.slices == [2, 4, 6])
    #expect(subject.decode.count == whole.decode.count && subject.prefill.count == whole.prefill.count)
    for (mine, theirs) in zip(subject.decode + subject.prefill, whole.decode + whole.prefill) {
      #expect(abs(mine.secondsPerToken.value / theirs.secondsPerToken.value - 1) < 1e-9)
      #expect(abs(mine.flopsPerSecond.value / theirs.flopsPerSecond.value - 1) < 1e-9)
    }
    #expect(!subject.isCanonical && subject.energyAbsentReason == "energy is not extrapolated in depth")
    #expect(subject.price.sheet != nil)
  }

  /// The last cache has 110.1 MB. Slices of 60 and 90 MB are 15 MB a layer: 2 and 11 more layers are twice the cache; and where the
  /// whole is no larger than that, it is held as its slices are.
  @Test func slicesThatACacheHoldsAreMarked() throws {
    func warning(_ first: Double, _ whole: Double) -> String? {
      let runs = slices([2, 4]).map { run in
        var run = run
        let count = run.model.layers?.first?.count ?? 0
        run.model.weightBytes = .init(first + 15e6 * Double(count - 2))
        run.model.sliceOf?.weightBytes = .init(whole)
        return run
      }
      return summary(runs).subjects.first?.warnings.first { $0.code == "slices-in-cache" }?.message
    }
    #expect(try #require(warning(60e6, 500e6)).contains("--slice 13,26,39"))
    #expect(warning(230e6, 500e6) == nil && warning(60e6, 200e6) == nil)
  }

  /// One slice tells no slope: it stays what it is.
  @Test func aSingleSliceStandsForItself() throws {
    let subject = try #require(summary(slices([4])).subjects.first)
    #expect(subject.slices == nil && subject.model.name.hasSuffix("(first 4 layers)"))
  }

  /// 1 ms outside, 3 ms a layer that sees all, 2 ms one with a window: of 4 and 20 layers 53 ms. Counted alike, 5 layers on
  /// average, they would give another sum.
  @Test func kindsOfLayersAreCountedByKind() throws {
    let whole = [ModelIdentity.LayerGroup(count: 4), .init(count: 20, window: 512)]
    let runs = [(1, 1), (1, 3), (2, 4)].flatMap { all, sliding in
      (0..<3).map { repetition in
        var run = SampleCampaign.decode(context: 0, repetition: repetition)
        run.samples = run.samples.map { Timing(contextTokens: $0.contextTokens, wallSeconds: 1e-3) }
        return slice(
          run, [.init(count: all), .init(count: sliding, window: 512)], of: whole,
          share: Double(1 + 3 * all + 2 * sliding))
      }
    }
    let subject = try #require(summary(runs).subjects.first)
    #expect(abs(subject.decode[0].secondsPerToken.value - 0.053) < 1e-9)
  }
}
