/// A number of a scenario and what is known of it: exact, or somewhere between two bounds, most likely at the value.
package struct Quantity: Hashable, Sendable {
  package enum Kind: String, Codable, Sendable {
    case given
    /// A figure of somebody else's, which shows the arithmetic.
    case example
  }

  package var value: Double
  package var low: Double
  package var high: Double
  package var kind: Kind
  package var source: String?
  package var date: String?
  /// Where it stands in the scenario: `host.rented.dollars_per_hour`. It tells equal quantities apart; a
  /// default, which stands nowhere, has none.
  package var path: String

  package init(
    _ value: Double, low: Double? = nil, high: Double? = nil, kind: Kind = .given, source: String? = nil,
    date: String? = nil, path: String = ""
  ) {
    self.value = value
    self.low = low ?? value
    self.high = high ?? value
    self.kind = kind
    self.source = source
    self.date = date
    self.path = path
  }

  package var isExact: Bool { low == high }

  /// The value below which a share of the triangle between the bounds lies that peaks at the value.
  package func quantile(_ share: Double) -> Double {
    guard low < high else { return value }
    let width = high - low
    let left = (value - low) / width
    return share < left
      ? low + (share * width * (value - low)).squareRoot() : high - ((1 - share) * width * (high - value)).squareRoot()
  }
}
