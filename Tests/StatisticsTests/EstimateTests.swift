import Foundation
import Statistics
import Testing

@Suite struct EstimateTests {
  private func estimate(_ value: Double, _ low: Double, _ high: Double, level: Double = 0.95) -> Estimate {
    Estimate(value, Interval(low: low, high: high, level: level), method: .orderStatistics)
  }

  /// 1 2 3: variance 1, standard error 1/√3, t₂ at 97.5 % = 0.95 √(2 / 0.0975).
  @Test func meanHasStudentsInterval() throws {
    let estimate = try Sample([1, 2, 3]).meanEstimate()
    let half = 0.95 * (2 / 0.0975).squareRoot() / 3.0.squareRoot()
    let interval = try #require(estimate.interval)
    #expect(estimate.value == 2)
    #expect((interval.high - 2 - half).magnitude <= 16 * half.ulp && interval.low == 4 - interval.high)
    #expect(try Sample([1]).meanEstimate().interval == nil)
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
    let few = try Sample([1, 2]).medianEstimate()
    let sum = estimate(10, 9, 11).plus(few)
    #expect(sum.interval == nil && sum.warnings == few.warnings)
  }

  @Test func survivesARecord() throws {
    let original = try Sample([1, 2]).medianEstimate()
    let json = try JSONEncoder().encode(original)
    #expect(try JSONDecoder().decode(Estimate.self, from: json) == original)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Interval.self, from: Data(#"{"low":2,"high":1,"level":0.95}"#.utf8))
    }
  }
}
