import Statistics
import Testing

@Suite struct QuantileTests {
  /// Position (n − 1)p from zero in 10 20 30 40: p = 1/4 → 0.75 → 10 + 0.75 · 10; p = 1/2 → 1.5; p = 0.9 → 2.7.
  @Test(arguments: [(0, 10), (0.25, 17.5), (0.5, 25), (0.9, 37), (1, 40)])
  func interpolatesBetweenOrderStatistics(probability: Double, expected: Double) throws {
    let quantile = try Sample([40, 10, 30, 20]).quantile(probability)
    #expect((quantile - expected).magnitude <= expected.ulp)
  }

  @Test func ofOneValueIsThatValue() throws {
    #expect(try Sample([7]).quantile(0.99) == 7)
  }

  /// n = 6: a tail of one rank holds 2^-6 = 0.015625 <= 0.025, of two (1 + 6)/64 = 0.109: the whole range, 1 to 6.
  /// n = 9: one rank 2^-9, two (1 + 9)/512 = 0.0195, three (1 + 9 + 36)/512 = 0.0898: ranks 2 to 8.
  @Test(arguments: [(6, 1.0, 6.0), (9, 2.0, 8.0)])
  func medianLiesBetweenBinomialRanks(count: Int, low: Double, high: Double) throws {
    let estimate = try Sample((1...count).map(Double.init).reversed()).medianEstimate()
    #expect(estimate.value == Double(count + 1) / 2)
    #expect(estimate.interval == Interval(low: low, high: high, level: 0.95))
    #expect(estimate.warnings.isEmpty)
  }

  /// n = 5: even the whole range leaves 2^-5 = 0.03125 > 0.025 in each tail.
  @Test func fiveObservationsGiveNoIntervalButSayHowManyWould() throws {
    let estimate = try Sample([5, 1, 4, 2, 3]).medianEstimate()
    #expect(estimate.value == 3)
    #expect(estimate.interval == nil)
    #expect(estimate.warnings == [.tooFewSamples(have: 5, need: 6, level: 0.95)])
  }

  /// 0.9^36 = 0.02253 <= 0.025 < 0.9^35 = 0.02503; 0.99^368 = 0.02476 <= 0.025 < 0.99^367 = 0.02501; at level 1/2 a tail
  /// holds exactly 1/4 = 2^-2, at 3/4 exactly 1/8 = 2^-3.
  @Test(arguments: [(0.5, 0.95, 6), (0.9, 0.95, 36), (0.1, 0.95, 36), (0.99, 0.95, 368), (0.5, 0.5, 2), (0.5, 0.75, 3)])
  func countNeededIsTheFirstThatHasAnInterval(probability: Double, level: Double, need: Int) throws {
    #expect(Sample.countNeeded(probability: probability, level: level) == need)
    let enough = try Sample((1...need).map(Double.init))
    #expect(enough.quantileEstimate(probability, level: level).interval != nil)
    let tooFew = try Sample((1..<need).map(Double.init))
    #expect(tooFew.quantileEstimate(probability, level: level).interval == nil)
  }

  /// Ranks l and u of a continuous sample hold the quantile exactly when l <= B < u, with B binomial: the coverage is
  /// computed, not simulated. One rank less on either side must overfill that tail.
  @Test(arguments: [0.05, 0.5, 0.9, 0.99])
  func rankIntervalsCoverAndAreTheTightestThatDo(probability: Double) throws {
    for count in [6, 7, 36, 100, 368, 1000] {
      let sample = try Sample((1...count).map(Double.init))
      guard let interval = sample.quantileEstimate(probability).interval else { continue }
      let (low, high) = (Int(interval.low), Int(interval.high))
      let outside = Binomial(trials: count, probability: probability)
      #expect(outside.atMost(low - 1) <= 0.025 && outside.atLeast(high) <= 0.025)
      #expect(outside.atMost(low) > 0.025 && outside.atLeast(high - 1) > 0.025)
    }
  }

  @Test func anExtremeQuantileNeedsManyButDoesNotOverflow() throws {
    #expect(try Sample([1, 2]).quantileEstimate(1e-300).interval == nil)
  }
}
