import Analysis

/// The ratio that Google's recommender of inference hosts splits a host's price by, which it takes for 4 where nobody says.
enum GKERatios {
  static func json(_ prices: [SetupPrices]) -> String {
    let entries = prices.compactMap { setup in
      setup.sheet.outputToInputRatio.map { ratio in
        let interval = ratio.interval.map { ", \"low\": \($0.low), \"high\": \($0.high)" } ?? ""
        return
          "  { \"model\": \(setup.exportName.jsonLiteral), \"output_input_cost_ratio\": \(ratio.value)\(interval) }"
      }
    }
    return "[\n\(entries.joined(separator: ",\n"))\n]\n"
  }
}
