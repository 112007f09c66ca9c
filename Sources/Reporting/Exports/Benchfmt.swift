import Analysis
import Records

/// A comparison in Go's benchmark format, every figure a line, for `benchstat -col variant` and its like.
package enum Benchfmt {
  package static func text(_ comparison: Comparison) -> String {
    var lines = comparison.common.map { "\($0.name): \($0.values.first ?? "")".printable }
    for table in comparison.tables where !table.rows.isEmpty {
      lines.append("Unit \(table.unit.id) better=\(table.higherIsBetter ? "higher" : "lower") assume=nothing")
    }
    for (index, side) in comparison.sides.enumerated() {
      lines.append("variant: \(side.printable)")
      for fact in comparison.differing { lines.append("\(fact.name): \(fact.values[index])".printable) }
      for table in comparison.tables {
        for row in table.rows {
          let name = "BenchmarkInference/test=\(row.name.printable.replacing(" ", with: "_"))"
          for value in row.cells[index]?.samples ?? [] { lines.append("\(name) 1 \(value) \(table.unit.id)") }
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
