import Foundation
import Statistics
import Testing

@Suite struct EstimateTests {
  private func estimate(_ value: Double, _ low: Double, _ high: Double, level: Double = 0.95) -> Estimate {
    Estimate(value, Interval(low: low, high: high, level: level), method: .orderStatistics)
  }

  /// Five values hold their median between the lowest and the highest with a chance of 1 − 2 · 2⁻⁵; six reach 95 %. The
  /// figure is the median of either.
  @Test func fewValuesHaveTheirRange() throws {
    let few = try Sample([3, 1, 9, 2, 4]).medianOrRange()
    #expect(few.value == 3 && few.method == .range)
    #expect(few.interval == Interval(low: 1, high: 9, level: 0.9375))
    let enough = try Sample([3, 1, 9, 2, 4, 5]).medianOrRange()
    #expect(enough.value == 3.5 && enough.method == .orderStatistics)
    #expect(enough.interval == Interval(low: 1, high: 9, level: 0.95))
    #expect(try Sample([1]).medianOrRange().interval == nil)
  }

  /// Six units of one second a token but the last, which takes two for each of its two tokens: 9 s of 7 tokens. Without one
  /// of the first five 8/6, without the last 5/5; mean 23/18, squares 5 · (1/18)² + (5/18)² = 30/324: variance
  /// 5/6 · 30/324 = 25/324, t₅ at 97.5 % = 2.5705818.
  @Test func theMeanOfUnitsHasTheJackknifesInterval() throws {
    let units = (0..<6).map { (number: $0, sum: $0 < 5 ? 1.0 : 4, count: $0 < 5 ? 1.0 : 2) }
    let mean = try #require(Estimate.mean(ofUnits: units))
    let interval = try #require(mean.interval)
    #expect((mean.value - 9.0 / 7).magnitude < 1e-15)
    let half = 2.570_581_8 * 5 / 18
    #expect((interval.high - mean.value - half).magnitude < 1e-7)
    #expect((mean.value - interval.low - half).magnitude < 1e-7)
    // Equal units say nothing against each other, and five have their range.
    let few = try #require(Estimate.mean(ofUnits: Array(units.suffix(3))))
    #expect(few.value == 1.5 && few.method == .range && few.interval == Interval(low: 1, high: 2, level: 0.75))
    #expect(Estimate.mean(ofUnits: []) == nil)
  }

  private func replicated(_ value: Double, _ values: [Double], besides: Double = 0) -> Estimate {
    Estimate(
      value, Replicates(units: Array(values.indices), values: values, besides: besides), nonNegative: true,
      method: .meanOfUnits)
  }

  /// What moves together keeps its ratio, and what moves against each other its sum; independent doubt stays.
  @Test func figuresOfTheSameUnitsMoveTogether() throws {
    let one = replicated(10, [9, 10, 11])
    let twice = replicated(20, [18, 20, 22])
    let against = replicated(10, [11, 10, 9])
    let ratio = try #require(twice.ratio(to: one)?.interval)
    #expect((ratio.low - 2).magnitude < 1e-12 && (ratio.high - 2).magnitude < 1e-12)
    #expect(one.plus(against).interval == Interval(low: 20, high: 20, level: 0.95))
    let half = try #require(one.interval).halfWidth
    #expect(abs(try #require(one.plus(twice).interval).halfWidth - 3 * half) < 1e-12)
    #expect(abs(try #require(one.plus(.exact(5)).plus(against).interval).halfWidth) < 1e-12)
    // 4² + 3² = 5², with nothing that the units show.
    let doubtful = replicated(10, [10, 10, 10], besides: 16).plus(replicated(10, [10, 10, 10], besides: 9))
    #expect(abs(try #require(doubtful.replicates).variance - 25) < 1e-12)
    // Other units are independent.
    var elsewhere = against
    elsewhere.replicates?.units = [3, 4, 5]
    #expect(try #require(one.plus(elsewhere).interval).halfWidth > half)
  }

  @Test func relativeHalfWidth() {
    #expect(estimate(10, 9, 12).relativeHalfWidth == 0.15)
    #expect(Estimate(10, nil, method: .orderStatistics).relativeHalfWidth == nil)
    #expect(estimate(0, -1, 1).relativeHalfWidth == nil)
    #expect(Estimate.exact(3).relativeHalfWidth == 0)
  }

  /// 10 (9…12) times 2 within 1…4: the corners are 9 · 1 and 12 · 4. A negative factor swaps the limits.
  @Test func boundsMeetBounds() {
    #expect(estimate(10, 9, 12).scaled(by: 2, within: 1...4) == estimate(20, 9, 48))
    #expect(estimate(10, 9, 12).scaled(by: -1) == estimate(-10, -12, -9))
  }

  /// 10 − 3 and 20 − 4 below, 10 + 6 and 20 + 8 above: √(9 + 16) = 5 and √(36 + 64) = 10.
  @Test func deviationsAddInQuadratureOnEachSide() {
    let sum = estimate(10, 7, 16).plus(estimate(20, 16, 28, level: 0.9))
    #expect(sum == estimate(30, 25, 40, level: 0.9))
  }

  @Test func anExactPartAddsNoWidth() {
    #expect(estimate(10, 7, 16).plus(.exact(5)) == estimate(15, 12, 21))
    #expect(Estimate.exact(5).plus(estimate(10, 7, 16)) == estimate(15, 12, 21))
  }

  /// Logarithms of the limits of 2^3 (2^0…2^7) and 2^1 (2^-2…2^4), in powers of two: below √(3² + 3²), above √(4² + 3²) = 5.
  @Test func ratiosAddOnTheLogarithm() throws {
    let ratio = try #require(estimate(8, 1, 128).ratio(to: estimate(2, 0.25, 16)))
    let interval = try #require(ratio.interval)
    #expect(ratio.value == 4)
    #expect((interval.high - 128).magnitude <= 64 * interval.high.ulp)
    #expect((interval.low - exp2(2 - 18.0.squareRoot())).magnitude <= 64 * interval.low.ulp)
  }

  @Test func aRatioThatMayReachZeroHasNoInterval() throws {
    let ratio = try #require(estimate(8, -1, 10).ratio(to: estimate(2, 1, 3)))
    #expect(ratio.interval == nil && ratio.warnings == [.unboundedRatio])
    #expect(estimate(8, 7, 9).ratio(to: .exact(0)) == nil)
  }

  @Test func unknownUncertaintyStaysUnknownAndKeepsItsReason() throws {
    let few = try Sample([1]).medianEstimate()
    let sum = estimate(10, 9, 11).plus(few)
    #expect(sum.interval == nil && sum.warnings == few.warnings)
  }

  @Test func survivesARecord() throws {
    let original = try Sample([1]).medianEstimate()
    let json = try JSONEncoder().encode(original)
    #expect(try JSONDecoder().decode(Estimate.self, from: json) == original)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Interval.self, from: Data(#"{"low":2,"high":1,"level":0.95}"#.utf8))
    }
  }
}
