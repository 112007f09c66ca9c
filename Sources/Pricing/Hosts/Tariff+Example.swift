import Quantities

/// A price to calculate with until the user says what the host costs, and how any price is described.
extension Tariff {
  /// What a rented virtual processor costs on demand at AWS in us-east-1; it says nothing of the user's host. Source: the
  /// table of ec2instances.info, November 2023.
  private static let examples = [
    (maker: "AMD", name: "AWS c7a (AMD EPYC)", dollarsPerProcessorHour: 0.0513),
    (maker: "Intel", name: "AWS c7i (Intel Xeon)", dollarsPerProcessorHour: 0.0446),
  ]

  /// The example of a processor's maker; of one that has none, that of the last.
  package static func example(processors: Int, of processorName: String? = nil) -> Tariff {
    let example = examples.first { processorName?.contains($0.maker) ?? false } ?? examples[examples.count - 1]
    return Tariff(
      price: HostPrice(
        example: Dollars(example.dollarsPerProcessorHour * Double(min(max(1, processors), 1 << 20))),
        named: "\(example.name) on demand, us-east-1, November 2023"))
  }

  /// The price of the host in words, and that it is an example if it is one.
  package var label: String {
    let range = price.low < price.high ? " (\(Unit.dollars(price.low.value)) to \(Unit.dollars(price.high.value)))" : ""
    let use = utilisation < 1 ? "used \(Unit.share.text(utilisation)) of the time" : "fully used"
    let source = price.example.map { " An example: \($0); give yours with --price-per-hour" } ?? ""
    return "\(Unit.dollars(price.dollarsPerHour.value))\(range) per hour, \(use).\(source)"
  }
}
