/// Why there is no price: which input is wrong, and what it may be.
package enum PricingError: Error, Hashable, CustomStringConvertible {
  case price(Double)
  case range(low: Double, price: Double, high: Double)
  case utilisation(Double)
  case inputShare(Double)

  package var description: String {
    switch self {
    case .price(let value): "host price: \(value) dollars per hour; give a number of zero or more"
    case .range(let low, let price, let high):
      "host price: \(price) dollars per hour is not within \(low) to \(high); give low <= price <= high, none negative"
    case .utilisation(let value):
      "utilisation: \(value); give the busy share of the paid hours, above 0 and at most 1"
    case .inputShare(let value): "mix: an input share of \(value); give a number from 0 to 1"
    }
  }
}
