import Analysis
import Quantities
import Records

/// Rows of the FinOps Open Cost and Usage Specification, one for a million tokens of each kind, as a month's usage would be
/// charged. What FOCUS has no column for (energy, provenance, the interval) is in columns that begin with `x_`.
enum FocusRows {
  enum Version { case v1_3, v1_4 }

  static func csv(_ prices: [SetupPrices], version: Version) -> String {
    var names = [
      "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd",
      "BillingPeriodStart", "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargeFrequency", "ChargePeriodEnd",
      "ChargePeriodStart", "ConsumedQuantity", "ConsumedUnit", "ContractedCost", "ContractedUnitPrice", "EffectiveCost",
      "HostProviderName", "InvoiceIssuerName", "ListCost", "ListUnitPrice", "PricingCategory", "PricingQuantity",
      "PricingUnit", "ResourceId", "ResourceName", "ResourceType", "ServiceCategory", "ServiceName",
      "ServiceProviderName",
      "ServiceSubcategory", "SkuId", "SkuMeter", "SkuPriceId",
    ]
    // Version 1.3 keeps the names that 1.4 took away.
    if version == .v1_3 { names += ["ProviderName", "PublisherName"] }
    names += ["x_CostHigh", "x_CostLow", "x_EnergyJoules", "x_EnergyMethod", "x_Provenance"]
    var lines = [names.joined(separator: ",")]
    for setup in prices { for price in setup.tokenPrices { lines.append(row(setup, price, names)) } }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The month of the measurement, or this one.
  private static func period(_ setup: SetupPrices) -> (start: String, end: String) {
    let parts = (setup.month ?? String(Timestamp.utc().prefix(7))).split(separator: "-").compactMap { Int($0) }
    guard parts.count == 2 else { return ("", "") }
    func day(_ year: Int, _ month: Int) -> String { "\(year)-\(month < 10 ? "0" : "")\(month)-01T00:00:00Z" }
    return (day(parts[0], parts[1]), parts[1] == 12 ? day(parts[0] + 1, 1) : day(parts[0], parts[1] + 1))
  }

  private static func row(_ setup: SetupPrices, _ price: TokenPrice, _ names: [String]) -> String {
    // FOCUS has no exponents.
    func plain(_ value: Double) -> String {
      let digits = value.fixed(30)
      return digits.contains(".") ? String(digits.trimmingSuffix { $0 == "0" }.trimmingSuffix { $0 == "." }) : digits
    }
    let cost = plain(price.dollarsPerMillion)
    let each = plain(price.dollarsPerMillion / 1e6)
    let model = setup.exportName
    let period = period(setup)
    let values: [String: String] = [
      "BilledCost": cost, "EffectiveCost": cost, "ListCost": cost, "ContractedCost": cost,
      "ListUnitPrice": each, "ContractedUnitPrice": each,
      "BillingAccountId": "inferometer", "BillingAccountName": "Inferometer", "BillingCurrency": "USD",
      "BillingPeriodStart": period.start, "BillingPeriodEnd": period.end, "ChargePeriodStart": period.start,
      "ChargePeriodEnd": period.end, "ChargeCategory": "Usage", "ChargeClass": "", "ChargeFrequency": "Usage-Based",
      "ChargeDescription": "\(price.kind) tokens of \(model)".csvField, "ConsumedQuantity": "1000000",
      "ConsumedUnit": "Tokens", "PricingQuantity": "1000000", "PricingUnit": "Tokens", "PricingCategory": "Standard",
      "ResourceId": model.csvField, "ResourceName": model.csvField, "ResourceType": "Model",
      "ServiceCategory": "AI and Machine Learning", "ServiceSubcategory": "Generative AI",
      "ServiceName": "Inference on a processor", "ServiceProviderName": "Self-hosted",
      "HostProviderName": "Self-hosted",
      "InvoiceIssuerName": "Self-hosted", "ProviderName": "Self-hosted", "PublisherName": "Self-hosted",
      "SkuId": "\(model)/\(price.kind)".csvField, "SkuPriceId": "\(model)/\(price.kind)/list".csvField,
      "SkuMeter": "\(price.kind) tokens", "x_CostLow": price.low.map(plain) ?? "",
      "x_CostHigh": price.high.map(plain) ?? "",
      "x_EnergyJoules": price.joulesPerToken.map { plain($0 * 1e6) } ?? "",
      "x_EnergyMethod": price.joulesPerToken == nil ? "" : (setup.energyLabel ?? "").csvField,
      "x_Provenance": setup.provenance.csvField,
    ]
    return names.map { values[$0] ?? "" }.joined(separator: ",")
  }
}

extension StringProtocol {
  /// Without the longest end of characters that are not wanted.
  fileprivate func trimmingSuffix(_ isUnwanted: (Character) -> Bool) -> SubSequence {
    self[..<(lastIndex { !isUnwanted($0) }.map { index(after: $0) } ?? startIndex)]
  }
}
