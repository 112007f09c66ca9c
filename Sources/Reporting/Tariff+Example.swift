import Pricing
import Quantities

extension Tariff {
  /// Of a rented virtual processor. A figure to calculate with, which says nothing of the user's host.
  static let exampleDollarsPerProcessorHour = 0.0446
  static let exampleSource = "AWS c7i on demand, us-east-1, November 2023"

  /// What a report calculates with until the user says what the host costs.
  package static func example(processors: Int) -> Tariff? {
    let price = Dollars(exampleDollarsPerProcessorHour * Double(max(1, processors)))
    return try? Tariff(price: HostPrice(dollarsPerHour: price, source: .example))
  }
}
