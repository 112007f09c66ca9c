import Analysis
import Records

/// Gauges in Prometheus' text format: dollars and joules of a token, with the limits of the interval as gauges of their own.
enum PrometheusMetrics {
  static func text(_ prices: [SetupPrices]) -> String {
    var lines: [String] = []
    func family(_ name: String, _ help: String, _ value: (TokenPrice) -> Double?) {
      let samples = prices.flatMap { setup in
        setup.tokenPrices.compactMap { price in
          value(price).map { "\(name){model=\"\(label(setup.exportName))\",type=\"\(price.kind)\"} \($0)" }
        }
      }
      guard !samples.isEmpty else { return }
      lines += ["# HELP \(name) \(help)", "# TYPE \(name) gauge"] + samples
    }
    family("inferometer_token_cost_dollars", "What a token costs, as paid.") { $0.dollarsPerMillion / 1e6 }
    family("inferometer_token_cost_low_dollars", "Lower limit of its 95 % interval.") { $0.low.map { $0 / 1e6 } }
    family("inferometer_token_cost_high_dollars", "Upper limit of its 95 % interval.") { $0.high.map { $0 / 1e6 } }
    family("inferometer_token_energy_joules", "What a token takes in energy.") { $0.joulesPerToken }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func label(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }
}
