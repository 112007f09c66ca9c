import Analysis
import Records
import Statistics
import TestSupport
import Testing

/// Verdicts that take more than one run to tell.
@Suite struct RoundVerdictTests {
  /// Eleven runs, of which three read memory at 80 % of the others: these are marked, whichever came first.
  @Test func roofsAreJudgedWhateverTheirOrder() {
    var random = SplitMix64(seed: 31)
    var runs = (0..<11).map { index in
      var run = SampleCampaign.decode(context: 128, repetition: index)
      run.readRoofBytesPerSecond = index % 4 == 2 ? 12e9 : 15e9 + Double(index) * 1e7
      return run
    }
    for _ in 0..<50 {
      for index in runs.indices.dropFirst().reversed() { runs.swapAt(index, random.index(below: index + 1)) }
      let marked = Observation.all(of: runs).filter { $0.measured.verdict.contains("roof_drift") }.map(\.repetition)
      #expect(Set(marked) == [2, 6, 10])
    }
  }

  /// Runs of 50 ms on two processors, of whose time the hypervisor takes a share in ticks of 10 ms: no single run can show it,
  /// the six of a round can.
  private func marked(steal share: Double) -> Double {
    var random = SplitMix64(seed: 32)
    let rounds = 200
    let runs = (0..<rounds).flatMap { repetition in
      (0..<6).map { _ in
        var run = SampleCampaign.decode(context: 128, repetition: repetition, steps: 5)
        run.samples = run.samples.map { Timing(contextTokens: $0.contextTokens, wallSeconds: 0.01) }
        let ticks = (0..<10).count { _ in random.unit() < share }
        run.conditions.stealShare = .found(Double(ticks) * 0.01 / (0.05 * 2))
        return run
      }
    }
    let observations = Observation.all(of: runs)
    return Double(Set(observations.filter { $0.measured.verdict.contains("steal") }.map(\.repetition)).count)
      / Double(rounds)
  }

  @Test func stealOverARoundIsFound() {
    let found = marked(steal: 0.2)
    #expect(found >= 0.8, "\(found) of rounds in which a fifth was stolen")
    #expect(marked(steal: 0.002) <= 0.02)
  }
}
