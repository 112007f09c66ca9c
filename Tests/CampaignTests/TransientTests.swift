import Campaign
import Statistics
import Testing

@Suite struct TransientTests {
  private func rates(_ first: [Double], count: Int = 64) -> [Double] {
    first + Array(repeating: 1, count: count - first.count)
  }

  @Test(arguments: [
    ([], 0), ([1.5], 1), ([1.5, 1.2, 1.1, 1.05], 4), ([1.02, 1.01], 0), ([0.9, 0.95], 0),
    // One good step among slow ones does not end it, and one slow step later on does not begin it anew.
    ([1.5, 1.0, 1.4, 1.3, 1.2], 5),
  ])
  func theFirstSlowStepsBelongToIt(first: [Double], expected: Int) {
    #expect(Transient.length(ofRates: rates(first)) == expected)
  }

  @Test func aShortRunHasNone() { #expect(Transient.length(ofRates: rates([2, 2], count: 15)) == 0) }

  @Test func itIsAQuarterAtMost() {
    #expect(Transient.length(ofRates: (0..<64).map { 10 - 0.1 * Double($0) }) == 16)
  }

  /// Steps of 3 % noise behind a transient of 1.5, 1.2, 1.08: what is kept of steps 1 to 4 lies within 3 % of the steady step.
  @Test func whatIsKeptIsSteady() {
    var random = SplitMix64(seed: 7)
    var kept: [Double] = []
    for _ in 0..<500 {
      let run =
        [1.5, 1.2, 1.08].map { $0 * (1 + 0.03 * Normal.quantile(random.unit())) }
        + (3..<64).map { _ in 1 + 0.03 * Normal.quantile(random.unit()) }
      kept += run.prefix(4).dropFirst(Transient.length(ofRates: run))
    }
    let mean = kept.reduce(0, +) / Double(kept.count)
    #expect(abs(mean - 1) < 0.03, "\(mean) of \(kept.count)")
  }
}
