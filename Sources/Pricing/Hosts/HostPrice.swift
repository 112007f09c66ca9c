import Quantities

/// What an hour of the host costs, whether it is busy or not. A rented hour includes its electricity.
package struct HostPrice: Hashable, Sendable {
  /// An example is a figure of ours that shows the arithmetic; only the user knows what the host costs.
  package enum Source: String, Codable, Sendable { case example, given }

  package let dollarsPerHour: Dollars
  /// Bounds of the price; both equal it when it is exact.
  package let low: Dollars
  package let high: Dollars
  package let source: Source
  /// Whose price an example is, and when it was; nil for a given one.
  package let example: String?

  package init(
    dollarsPerHour: Dollars, low: Dollars? = nil, high: Dollars? = nil, source: Source, example: String? = nil
  ) throws(PricingError) {
    let low = low ?? dollarsPerHour
    let high = high ?? dollarsPerHour
    // Bare numbers: a comparison of quantities by <= is the negation of <, which NaN satisfies.
    let (bottom, price, top) = (low.value, dollarsPerHour.value, high.value)
    guard price.isFinite, price >= 0 else { throw .price(price) }
    guard 0 <= bottom, bottom <= price, price <= top, top.isFinite else {
      throw .range(low: bottom, price: price, high: top)
    }
    self.dollarsPerHour = dollarsPerHour
    self.low = low
    self.high = high
    self.source = source
    self.example = source == .example ? example ?? "of nobody's host" : nil
  }

  /// A figure of ours, of zero or more.
  init(example dollarsPerHour: Dollars, named name: String) {
    (self.dollarsPerHour, low, high, source, example) = (
      dollarsPerHour, dollarsPerHour, dollarsPerHour, .example, name
    )
  }
}

extension HostPrice: Codable {
  private enum CodingKeys: String, CodingKey {
    case source, example, dollarsPerHour
    case low = "lowDollarsPerHour"
    case high = "highDollarsPerHour"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      dollarsPerHour: try container.decode(Dollars.self, forKey: .dollarsPerHour),
      low: try container.decodeIfPresent(Dollars.self, forKey: .low),
      high: try container.decodeIfPresent(Dollars.self, forKey: .high),
      source: try container.decode(Source.self, forKey: .source),
      example: try container.decodeIfPresent(String.self, forKey: .example))
  }
}
