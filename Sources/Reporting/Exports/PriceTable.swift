import Analysis
import Pricing

/// Prices of tokens as CSV, for spreadsheets and calculators.
enum PriceTable {
  static func csv(_ prices: [SetupPrices]) -> String {
    var lines = ["model,type,dollars_per_million,low,high,joules_per_token,provenance"]
    for setup in prices {
      for price in setup.tokenPrices {
        let cells: [String] = [
          setup.exportName.csvField, price.kind, "\(price.dollarsPerMillion)", price.low.map { "\($0)" } ?? "",
          price.high.map { "\($0)" } ?? "", price.joulesPerToken.map { "\($0)" } ?? "", setup.provenance.csvField,
        ]
        lines.append(cells.joined(separator: ","))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// The figures of a scenario's strategies as CSV: one line a figure.
package enum ScenarioTable {
  package static func csv(_ result: ScenarioResult) -> String {
    var lines = ["strategy,plan,record,sequences,figure,value,low,high,level,rests_on_example,absent_reason"]
    for strategy in result.strategies {
      let head = "\(strategy.name.csvField),\(strategy.plan.csvField),\(strategy.record.csvField),\(strategy.sequences)"
      for (key, figure) in strategy.figures.sorted(by: { $0.key < $1.key }) {
        lines.append(
          "\(head),\(key),\(figure.value),\(figure.low),\(figure.high),\(result.level),\(figure.restsOnExample),")
      }
      for (key, reason) in strategy.absent.sorted(by: { $0.key < $1.key }) {
        lines.append("\(head),\(key),,,,,,\(reason.csvField)")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
