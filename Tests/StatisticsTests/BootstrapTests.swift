import Foundation
import Statistics
import Testing

@Suite struct BootstrapTests {
  /// The first outputs for seed 1234567 of the reference code (Vigna, splitmix64.c), which other languages test against.
  @Test func splitMixFollowsTheReference() {
    var generator = SplitMix64(seed: 1_234_567)
    #expect(generator.next() == 6_457_827_717_110_365_317)
    #expect(generator.next() == 3_203_168_211_198_807_973)
    #expect(generator.next() == 9_817_491_932_198_370_423)
  }

  @Test func uniformNumbersStayInside() {
    var generator = SplitMix64(seed: 1)
    for _ in 0..<1000 {
      #expect((0..<7).contains(generator.index(below: 7)))
      let unit = generator.unit()
      #expect(0 < unit && unit < 1)
    }
  }

  @Test func aSeedGivesOneAnswer() throws {
    let sample = try Sample([3, 1, 4, 1, 5, 9, 2, 6])
    let statistic: ([Double]) -> Double = { Moments($0).mean }
    let first = Bootstrap(seed: 7).estimate(of: sample, statistic: statistic)
    #expect(first == Bootstrap(seed: 7).estimate(of: sample, statistic: statistic))
    #expect(first.interval != Bootstrap(seed: 8).estimate(of: sample, statistic: statistic).interval)
    #expect(first.value == sample.mean)
  }

  /// Values 1…10: Σd² = 82.5, so one draw has the variance 8.25 and the mean of ten 0.825. A variance from B draws has
  /// the relative standard error √(2/B); four of those.
  @Test func drawsHaveTheSpreadOfTheMean() throws {
    let bootstrap = Bootstrap(replicates: 4000, seed: 3)
    let means = bootstrap.draws(from: (1...10).map(Double.init)) { Moments($0).mean }
    let variance = try #require(Moments(means).variance)
    #expect((variance / 0.825 - 1).magnitude <= 4 * (2.0 / 4000).squareRoot())
  }

  @Test func aConstantSampleHasAnIntervalOfNoWidth() throws {
    let estimate = Bootstrap().estimate(of: try Sample(Array(repeating: 2.5, count: 10))) { Moments($0).mean }
    #expect(estimate.interval == Interval(low: 2.5, high: 2.5, level: 0.95))
  }

  @Test func saysWhenItCannotKnow() throws {
    let few = Bootstrap().estimate(of: try Sample([1, 2, 3, 4, 5])) { Moments($0).mean }
    #expect(few.interval == nil && few.warnings == [.tooFewSamples(have: 5, need: 6, level: 0.95)])
    let undefined = Bootstrap().estimate(of: try Sample([1, 2, 3, 4, 5, 6])) { log($0[0] - 2) }
    #expect(undefined.interval == nil && undefined.warnings == [.undefinedStatistic])
  }
}
