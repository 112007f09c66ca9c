import Statistics
import Testing

/// Intervals of nominal 95 % on synthetic noise of a shared machine: bursts, drifts, two modes, and what the steps of one
/// process have in common. The truth is that of many processes.
@Suite struct IntervalCoverageTests {
  private func expectCoverage(_ covered: Int, of trials: Int) {
    let share = Double(covered) / Double(trials)
    #expect((0.92...0.98).contains(share), "\(share)")
  }

  /// Ranks 3 to 10 of 12 independent medians hold the middle one with 1 − 2 · 79/4096 = 96.1 %, whatever the noise.
  @Test func theMedianOfProcessesIsCovered() throws {
    var machine = NoisyMachine(seed: 1)
    let truth = try Sample(machine.processes(8000, steps: 40).map(\.median)).median
    let covered = try (0..<2000).count { _ in
      let clusters = try #require(Clusters(machine.processes(12, steps: 40)))
      return try #require(clusters.medianEstimate()?.interval).contains(truth)
    }
    expectCoverage(covered, of: 2000)
  }

  @Test func theTailOfStepsIsCovered() throws {
    var machine = NoisyMachine(seed: 2)
    let truth = try Sample(machine.processes(6000, steps: 200).flatMap(\.values)).quantile(0.99)
    let estimates = try (0..<600).map { _ in
      try #require(Clusters(machine.processes(12, steps: 200))).quantileEstimate(0.99)
    }
    let intervals = estimates.compactMap(\.interval)
    #expect(intervals.count > 590)
    expectCoverage(intervals.count { $0.contains(truth) }, of: intervals.count)
    // Order statistics, which take the steps of a burst for independent, would not do.
    var naive = NoisyMachine(seed: 3)
    let held = try (0..<300).count { _ in
      let pooled = try Sample(naive.processes(12, steps: 200).flatMap(\.values))
      return try #require(pooled.quantileEstimate(0.99).interval).contains(truth)
    }
    #expect(Double(held) / 300 < 0.9)
  }

  @Test(arguments: [10, 16]) func theRatioOfTwoVariantsIsCovered(processes: Int) throws {
    var machine = NoisyMachine(seed: 4 + UInt64(processes))
    let covered = try (0..<600).count { trial in
      let first = try Sample(machine.processes(processes, steps: 20).map { $0.median * 1.02 })
      let second = try Sample(machine.processes(processes, steps: 20).map(\.median))
      let ratio = Bootstrap(replicates: 600, seed: UInt64(trial)).ratioOfMedians(first, to: second)
      return try #require(ratio.interval).contains(1.02)
    }
    expectCoverage(covered, of: 600)
  }

  /// Comparisons of a thing with itself: at most 5 % may find a difference.
  @Test func aThingDoesNotDifferFromItself() throws {
    var machine = NoisyMachine(seed: 9)
    let found = try (0..<1000).count { _ in
      let (first, second) = (try machine.processes(8, steps: 20), try machine.processes(8, steps: 20))
      return MannWhitney(try Sample(first.map(\.median)), try Sample(second.map(\.median))).probability < 0.05
    }
    #expect(found < 50 + 28)
  }
}
