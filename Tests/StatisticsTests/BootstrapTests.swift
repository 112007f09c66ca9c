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
    let values = [3.0, 1, 4, 1, 5, 9, 2, 6]
    let first = Bootstrap(seed: 7).draws(from: values) { Moments($0).mean }
    #expect(first == Bootstrap(seed: 7).draws(from: values) { Moments($0).mean })
    #expect(first != Bootstrap(seed: 8).draws(from: values) { Moments($0).mean })
  }

  /// Values 1…10: Σd² = 82.5, so one draw has the variance 8.25 and the mean of ten 0.825. A variance from B draws has
  /// the relative standard error √(2/B); four of those.
  @Test func drawsHaveTheSpreadOfTheMean() throws {
    let bootstrap = Bootstrap(replicates: 4000, seed: 3)
    let means = bootstrap.draws(from: (1...10).map(Double.init)) { Moments($0).mean }
    let variance = try #require(Moments(means).variance)
    #expect((variance / 0.825 - 1).magnitude <= 4 * (2.0 / 4000).squareRoot())
  }

  @Test func aRatioOfConstantsHasAnIntervalOfNoWidth() throws {
    let (twos, fours) = (try Sample(Array(repeating: 2, count: 10)), try Sample(Array(repeating: 4, count: 10)))
    let ratio = Bootstrap().ratioOfMedians(fours, to: twos)
    #expect(ratio.value == 2 && ratio.interval == Interval(low: 2, high: 2, level: 0.95))
  }

  @Test func saysWhenItCannotKnow() throws {
    let few = try Sample([1, 2, 3, 4, 5])
    let ratio = Bootstrap().ratioOfMedians(few, to: few)
    #expect(ratio.interval == nil && ratio.warnings == [.tooFewSamples(have: 5, need: 6, level: 0.95)])
  }
}
