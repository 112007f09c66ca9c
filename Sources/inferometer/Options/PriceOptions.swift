import Pricing
import Quantities
import Records

extension Option {
  static let pricePerHour = Option(
    "--price-per-hour", value: "DOLLARS", help: "what an hour of this host costs (an example, labelled as one)")
  static let utilisation = Option(
    "--utilisation", value: "SHARE", help: "busy share of the paid hours, above 0 and at most 1 (1)")
}

extension OptionGroup {
  static let price = OptionGroup("Price", [.pricePerHour, .utilisation])
}

/// What the options say of the host's price, checked before anything is measured.
struct PriceOptions {
  private let price: HostPrice?
  private let utilisation: Double
  /// Whether any option says something of it.
  let isGiven: Bool

  init(_ arguments: Arguments) throws {
    price = try arguments.number(.pricePerHour, in: 0...1e9).map {
      try HostPrice(dollarsPerHour: Dollars($0), source: .given)
    }
    isGiven = OptionGroup.price.options.contains { arguments.contains($0) }
    utilisation = try arguments.number(.utilisation, in: 0.000_001...1) ?? 1
  }

  /// The user's price, or the example for a machine that was written down; nil where neither is known.
  func tariff(of machine: MachineCard?) throws -> Tariff? {
    guard price != nil || machine != nil else { return nil }
    return try tariff(processors: machine?.processors ?? 1, of: machine?.name)
  }

  /// The user's price, or the example for a host with as many processors of this name.
  func tariff(processors: Int, of processorName: String?) throws -> Tariff {
    try Tariff(
      price: price ?? Tariff.example(processors: processors, of: processorName).price, utilisation: utilisation)
  }
}
