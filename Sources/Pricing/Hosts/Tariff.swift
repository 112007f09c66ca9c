import Quantities
import Statistics

/// What a busy second costs: the price of the host over the share of its hours that is busy.
package struct Tariff: Hashable, Sendable {
  package let price: HostPrice
  /// The busy share of the paid hours. 1, the default, gives the floor that no seller reaches.
  package let utilisation: Double

  package init(price: HostPrice, utilisation: Double) throws(PricingError) {
    guard 0 < utilisation, utilisation <= 1 else { throw .utilisation(utilisation) }
    self.price = price
    self.utilisation = utilisation
  }

  /// Fully used.
  package init(price: HostPrice) {
    (self.price, utilisation) = (price, 1)
  }

  /// The price of busy time. Bounds of the host's price widen the interval of the time by as much as they allow.
  package func dollars(for seconds: Estimate) -> Estimate {
    let perSecond = [price.dollarsPerHour, price.low, price.high].map { $0.value / 3600 / utilisation }
    return seconds.scaled(by: perSecond[0], within: perSecond[1]...perSecond[2])
  }

  package func dollarsPerMillionTokens(secondsPerToken: Estimate) -> Estimate {
    dollars(for: secondsPerToken.scaled(by: 1e6))
  }
}

extension Tariff: Codable {
  private enum CodingKeys: CodingKey { case price, utilisation }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      price: try container.decode(HostPrice.self, forKey: .price),
      utilisation: try container.decode(Double.self, forKey: .utilisation))
  }
}
