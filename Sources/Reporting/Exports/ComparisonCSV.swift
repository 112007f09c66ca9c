import Analysis
import Statistics

/// A comparison as CSV: one line a row and variant.
package enum ComparisonCSV {
  package static func text(_ comparison: Comparison) -> String {
    let titles = [
      "unit", "row", "variant", "n", "median", "low", "high", "ratio", "ratio_low", "ratio_high", "p", "p_holm",
      "detectable_ratio",
    ]
    var lines = [titles.joined(separator: ",")]
    for table in comparison.tables {
      for row in table.rows {
        for (side, cell) in zip(comparison.sides, row.cells) {
          guard let cell else { continue }
          let change = cell.change
          let figures: [Double?] = [
            cell.median.value, cell.median.interval?.low, cell.median.interval?.high, change?.ratio.value,
            change?.ratio.interval?.low, change?.ratio.interval?.high, change?.probability,
            change?.adjustedProbability, change?.detectableRatio,
          ]
          lines.append(
            ([table.unit.id.csvField, row.name.csvField, side.csvField, "\(cell.units)"]
              + figures.map { $0.map { "\($0)" } ?? "" }).joined(separator: ","))
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
