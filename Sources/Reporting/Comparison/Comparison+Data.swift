import Records
import Statistics

extension Comparison {
  /// One line a row and variant.
  package var csv: String {
    let titles = [
      "unit", "row", "variant", "n", "median", "low", "high", "ratio", "ratio_low", "ratio_high", "p", "p_holm",
      "detectable_ratio",
    ]
    var lines = [titles.joined(separator: ",")]
    for table in tables {
      for row in table.rows {
        for (side, cell) in zip(sides, row.cells) {
          guard let cell else { continue }
          let change = cell.change
          let figures: [Double?] = [
            cell.median.value, cell.median.interval?.low, cell.median.interval?.high, change?.ratio.value,
            change?.ratio.interval?.low, change?.ratio.interval?.high, change?.probability,
            change?.adjustedProbability, change?.detectableRatio,
          ]
          lines.append(
            ([table.unit.rawValue.csvField, row.name.csvField, side.csvField, "\(cell.units)"]
              + figures.map { $0.map { "\($0)" } ?? "" }).joined(separator: ","))
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Go's benchmark format, every unit a line, for `benchstat -col variant` and its like.
  package var benchfmt: String {
    var lines = common.map { "\($0.name): \($0.values.first ?? "")".printable }
    for unit in tables.filter({ !$0.rows.isEmpty }) {
      lines.append("Unit \(unit.unit.rawValue) better=\(unit.higherIsBetter ? "higher" : "lower") assume=nothing")
    }
    for (index, side) in sides.enumerated() {
      lines.append("variant: \(side.printable)")
      for fact in differing { lines.append("\(fact.name): \(fact.values[index])".printable) }
      for table in tables {
        for row in table.rows {
          let name = "BenchmarkInference/test=\(row.name.printable.replacing(" ", with: "_"))"
          for value in row.cells[index]?.samples ?? [] { lines.append("\(name) 1 \(value) \(table.unit.rawValue)") }
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  package func json() throws -> String {
    String(decoding: try RecordCoding.encode(self, pretty: true), as: UTF8.self) + "\n"
  }
}
