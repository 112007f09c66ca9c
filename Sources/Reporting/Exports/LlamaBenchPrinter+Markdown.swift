import Analysis
import Quantities
import Records

extension LlamaBenchPrinter {
  /// A column of the table; widths and names are llama-bench's where it has the column.
  private struct Column {
    var title: String
    var width: Int
    var isText = false
    var cell: (LlamaBenchRow) -> String
  }

  private var columns: [Column] {
    [
      Column(title: "model", width: 30, isText: true) { $0.bench.model.typeName.markdownCell },
      Column(title: "size", width: 10) { $0.bench.model.sizeCell },
      Column(title: "params", width: 10) { $0.bench.model.parametersCell },
      Column(title: "backend", width: 10, isText: true) { $0["backends"].cell },
      Column(title: "threads", width: 7) { $0["n_threads"].cell },
    ]
      + varying.filter { $0 != "n_threads" }.map { name in
        Column(title: name, width: Self.widths[name] ?? max(10, name.count), isText: Self.texts.contains(name)) {
          $0[name].cell
        }
      } + [
        Column(title: "FLOP/token", width: 10) { scaled($0.bench.operationsPerToken.flops.value) },
        Column(title: "B/token", width: 10) {
          let each = $0.bench.operationsPerToken
          return scaled(each.bytesRead.value + each.bytesWritten.value)
        },
        Column(title: "test", width: 15) { $0.bench.shape.name + ($0.bench.flagged > 0 ? " !" : "") },
        Column(title: "t/s", width: 20) { "\($0["avg_ts"].decimals(2)) ± \($0["stddev_ts"].decimals(2))" },
      ]
  }

  private static let widths = ["n_batch": 7, "n_ubatch": 8, "type_k": 6, "type_v": 6, "pl": 3]
  private static let texts: Set = ["type_k", "type_v", "isa", "activations"]

  var markdownHeader: String {
    let titles = columns.map { pad($0.title, $0) }.joined(separator: " | ")
    let rules = columns.map { String(repeating: "-", count: $0.width - 1) + ($0.isText ? "-" : ":") }
    return "| \(titles) |\n| \(rules.joined(separator: " | ")) |\n"
  }

  func markdownRow(_ row: LlamaBenchRow) -> String {
    "| \(columns.map { pad($0.cell(row), $0) }.joined(separator: " | ")) |\n"
  }

  private func pad(_ text: String, _ column: Column) -> String {
    let space = String(repeating: " ", count: max(0, column.width - text.count))
    return column.isText ? text + space : space + text
  }

  private func scaled(_ each: Double) -> String {
    for (scale, letter) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")] where each >= scale {
      return "\((each / scale).fixed(2)) \(letter)"
    }
    return each.fixed(2)
  }
}

extension LlamaBenchRow.Value {
  fileprivate func decimals(_ count: Int) -> String {
    if case .real(let number) = self { return number.fixed(count) }
    return cell
  }
}

extension ModelIdentity {
  /// Powers of 1024 for bytes and of 1000 for parameters, as llama-bench has them.
  fileprivate var sizeCell: String {
    let mebibytes = weightBytes.value / 1024 / 1024
    return mebibytes < 1024 ? "\(mebibytes.fixed(2)) MiB" : "\((mebibytes / 1024).fixed(2)) GiB"
  }

  fileprivate var parametersCell: String {
    let count = Double(parameters)
    return count < 1e9 ? "\((count / 1e6).fixed(2)) M" : "\((count / 1e9).fixed(2)) B"
  }
}
