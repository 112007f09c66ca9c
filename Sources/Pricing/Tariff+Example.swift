import Quantities

/// A price to calculate with until the user says what the host costs, and how any price is described.
extension Tariff {
  /// Of a rented virtual processor. It says nothing of the user's host.
  private static let exampleDollarsPerProcessorHour = 0.0446
  private static let exampleSource = "AWS c7i on demand, us-east-1, November 2023"

  package static func example(processors: Int) -> Tariff {
    let dollars = Dollars(exampleDollarsPerProcessorHour * Double(min(max(1, processors), 1 << 20)))
    return Tariff(price: HostPrice(example: dollars))
  }

  /// The price of the host in words, and that it is an example if it is one.
  package var label: String {
    let range = price.low < price.high ? " (\(Unit.dollars(price.low.value)) to \(Unit.dollars(price.high.value)))" : ""
    let use = utilisation < 1 ? "used \(Unit.share.text(utilisation)) of the time" : "fully used"
    let source = price.source == .example ? " An example: \(Self.exampleSource); give yours with --price-per-hour" : ""
    return "\(Unit.dollars(price.dollarsPerHour.value))\(range) per hour, \(use).\(source)"
  }
}
