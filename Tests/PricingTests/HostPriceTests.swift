import Foundation
import Pricing
import Quantities
import Statistics
import Testing

@Suite struct HostPriceTests {
  /// An hour of 0.1785 dollars at 15 tokens per second: 10⁶ / 15 / 3600 · 0.1785 = 178500 / 54000 = 3.30556 dollars per
  /// million; at half the utilisation twice that. Four roundings.
  @Test(arguments: [(1.0, 178_500.0 / 54_000), (0.5, 178_500.0 / 27_000)])
  func dollarsPerMillionByHand(utilisation: Double, expected: Double) throws {
    let tariff = try Tariff(
      price: try HostPrice(dollarsPerHour: 0.1785, source: .example), utilisation: utilisation)
    let price = tariff.dollarsPerMillionTokens(secondsPerToken: .exact(1.0 / 15))
    #expect((price.value - expected).magnitude <= 4 * expected.ulp)
    #expect(price.interval == Interval(low: price.value, high: price.value, level: 1))
  }

  /// 36 dollars an hour is a cent a second. 100 s (90…120) cost 1 (0.9…1.2); with the price within 18…72, 0.45…2.4.
  @Test func intervalsOfTimeAndBoundsOfPriceMeet() throws {
    let time = Estimate(100, Interval(low: 90, high: 120, level: 0.95), method: .orderStatistics)
    let exact = try Tariff(price: try HostPrice(dollarsPerHour: 36, source: .given)).dollars(for: time)
    #expect(agree(exact, 1, 0.9, 1.2))
    let range = try HostPrice(dollarsPerHour: 36, low: 18, high: 72, source: .given)
    #expect(agree(try Tariff(price: range).dollars(for: time), 1, 0.45, 2.4))
    #expect(exact.method == .orderStatistics && exact.interval?.level == 0.95)
  }

  @Test func aFreeHostCostsNothing() throws {
    let tariff = try Tariff(price: try HostPrice(dollarsPerHour: 0, source: .given))
    #expect(tariff.dollars(for: .exact(5)).value == 0)
  }

  @Test(arguments: [-1, .nan, .infinity]) func refusesAnImpossiblePrice(value: Double) {
    #expect(throws: PricingError.self) { try HostPrice(dollarsPerHour: Dollars(value), source: .given) }
    #expect(throws: PricingError.self) { try HostPrice(dollarsPerHour: 1, low: Dollars(value), source: .given) }
  }

  @Test(arguments: [(2.0, 3.0), (0, 0.5), (-1, 2), (0, .infinity), (0, .nan)])
  func refusesBoundsThatDoNotHoldThePrice(low: Double, high: Double) {
    #expect(throws: PricingError.self) {
      try HostPrice(dollarsPerHour: 1, low: Dollars(low), high: Dollars(high), source: .given)
    }
  }

  @Test(arguments: [0, -0.5, 1.5, .nan, .infinity]) func refusesAnImpossibleUtilisation(value: Double) throws {
    let price = try HostPrice(dollarsPerHour: 1, source: .given)
    let error = #expect(throws: PricingError.self) { try Tariff(price: price, utilisation: value) }
    let line = try #require(error).description
    #expect(line.hasPrefix("utilisation: \(value);") && !line.contains("\n"))
  }

  @Test func recordsAreCheckedLikeArguments() throws {
    let tariff = try Tariff(price: try HostPrice(dollarsPerHour: 1, high: 2, source: .given), utilisation: 0.5)
    let json = try JSONEncoder().encode(tariff)
    #expect(try JSONDecoder().decode(Tariff.self, from: json) == tariff)
    let broken = String(decoding: json, as: UTF8.self).replacingOccurrences(of: "0.5", with: "0")
    #expect(throws: PricingError.utilisation(0)) { try JSONDecoder().decode(Tariff.self, from: Data(broken.utf8)) }
  }

  /// A handful of multiplications, each rounded once.
  private func agree(_ estimate: Estimate, _ value: Double, _ low: Double, _ high: Double) -> Bool {
    guard let interval = estimate.interval else { return false }
    return zip([estimate.value, interval.low, interval.high], [value, low, high])
      .allSatisfy { ($0 - $1).magnitude <= 4 * $1.ulp }
  }
}
