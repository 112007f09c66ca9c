import Analysis
import Pricing
import Records
import Statistics

/// Formats in which prices of tokens go to other tools, each of them one file here.
package enum PriceExport: String, CaseIterable, Sendable {
  case litellm
  case genaiPrices = "genai-prices"
  case focus
  case focus13 = "focus-1.3"
  case prometheus
  case gke
  case csv

  package static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }

  package func text(_ prices: [SetupPrices]) -> String {
    switch self {
    case .litellm: LiteLLMEntries.json(prices)
    case .genaiPrices: GenAIPrices.json(prices)
    case .focus: FocusRows.csv(prices, version: .v1_4)
    case .focus13: FocusRows.csv(prices, version: .v1_3)
    case .prometheus: PrometheusMetrics.text(prices)
    case .gke: GKERatios.json(prices)
    case .csv: PriceTable.csv(prices)
    }
  }
}

/// One price of a million tokens, under its name.
struct TokenPrice {
  var kind: String
  var dollarsPerMillion: Double
  var low: Double?
  var high: Double?
  var joulesPerToken: Double?
}

extension SetupPrices {
  /// By which other tools find the model.
  var exportName: String {
    let model = model.map { "\($0.name) \($0.format)" } ?? "given times"
    let words = model.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "." }
    return "inferometer/" + words.joined(separator: "-").printable
  }

  /// How the prices came about, in one sentence.
  var provenance: String {
    let host = sheet.tariff.label
    guard let configuration else { return "Of times that were given. Host: \(host)" }
    return
      "Measured as paid on \(configuration.threads) threads, \(configuration.isa), prompt \(sheet.promptTokens ?? 0), context \(sheet.contextTokens ?? 0). Host: \(host)"
  }

  var tokenPrices: [TokenPrice] {
    var prices = [
      TokenPrice("input", sheet.dollarsPerMillionInputTokens, joulesPerInputToken),
      TokenPrice("output", sheet.dollarsPerMillionOutputTokens, joulesPerOutputToken),
    ]
    if let cached = sheet.dollarsPerMillionCachedTokens {
      prices.insert(TokenPrice("cached_input", cached, nil), at: 1)
    }
    return prices
  }

  func price(of kind: String) -> Double? { tokenPrices.first { $0.kind == kind }?.dollarsPerMillion }
}

extension TokenPrice {
  init(_ kind: String, _ dollars: Estimate, _ joules: Estimate?) {
    self.init(
      kind: kind, dollarsPerMillion: dollars.value, low: dollars.interval?.low, high: dollars.interval?.high,
      joulesPerToken: joules?.value)
  }
}
