import Quantities
import Reporting
import Statistics
import Testing

@Suite struct UnitTests {
  /// The half-width decides the digits: one digit of doubt, two where it begins with 1.
  @Test(arguments: [
    (12.345, 12.0, 12.69, "12.3 ± 0.3"), (12.345, 12.2, 12.49, "12.35 ± 0.15"), (12.345, 0, 24.69, "12 ± 12"),
    (0.0123456, 0.0121, 0.0125912, "0.0123 ± 0.0002"), (1234, 1200, 1268, "1230 ± 30"),
    (1234, 900, 1568, "1200 ± 300"), (5, 5, 5, "5.000"), (0, -1, 1, "0.0 ± 1.0"),
    // Lopsided by more than half as much again: both limits, to the digits of half their distance.
    (12.3, 12.2, 13.1, "12.3 [12.2, 13.1]"), (100, 60, 110, "100 [60, 110]"),
    // An infinite limit is no limit.
    (12.3, 1, Double.infinity, "12.3 (unbounded)"), (Double.nan, 0, 1, "unknown"),
  ])
  func digitsFollowTheInterval(value: Double, low: Double, high: Double, text: String) {
    let estimate = Estimate(value, Interval(low: low, high: high, level: 0.95), method: .orderStatistics)
    #expect(Unit.bare(estimate) == text)
  }

  @Test(arguments: [
    (0.0123, "12.3 ms"), (12.3, "12.3 s"), (1.23e-6, "1.23 µs"), (0.9999, "1.00 s"), (0.09996, "100 ms"),
    (9.994, "9.99 s"), (4e-10, "0.400 ns"), (0, "0.00 ns"),
    (-0.5, "-500 ms"), (Double.nan, "unknown"), (Double.infinity, "unknown"),
  ])
  func theSizeChoosesTheScale(seconds: Double, text: String) {
    #expect(Unit.seconds.text(seconds) == text)
  }

  @Test func withoutAnIntervalThereAreThreeDigits() {
    #expect(Unit.bare(Estimate(12.3456, nil, method: .orderStatistics)) == "12.3")
    #expect(Unit.seconds.text(Estimate(0.0123456, nil, method: .orderStatistics)) == "12.3 ms")
  }

  @Test func otherUnits() {
    #expect(Unit.byteRate.text(16.25e9) == "16.2 GB/s")
    #expect(Unit.share.text(0.6371) == "63.7 %")
    #expect(Unit.bytes.text(0) == "0.00 B")
    #expect(Unit.dollars(0.08921) == "$0.0892")
    #expect(Unit.flopRate.text(1e300).hasSuffix(" PFLOP/s"))
  }
}
