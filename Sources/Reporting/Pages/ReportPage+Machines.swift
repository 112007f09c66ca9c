import Analysis
import Quantities
import Records
import Statistics

/// Several results side by side.
extension ReportPage {
  /// Overview and picture, then each of them in full.
  package init(_ summaries: [(source: String, summary: Summary)]) {
    self.init()
    add(.heading("What a token costs, machine by machine", level: 1))
    add(Ranking(summaries, by: .output))
    for (source, summary) in summaries {
      add(.heading(summary.machine.map { "\($0.name), \(source)" } ?? source, level: 1))
      addParts(of: summary)
    }
  }

  /// Machines and setups in the order of a ranking.
  package mutating func add(_ ranking: Ranking) {
    let energies = Set(ranking.rows.compactMap(\.energyLabel))
    let unit = Unit.joules.scale(forAll: ranking.rows.compactMap { $0.joulesPerOutputToken?.value })
    var columns: [TextTable.Column] = [
      TextTable.text("machine"), TextTable.text("model"), .init("format", isText: true, shown: .whereRoom),
      .init("threads", shown: .whereRoom),
      TextTable.figure("$/M input"), TextTable.figure("$/M output"),
    ]
    if !energies.isEmpty { columns.append(TextTable.figure("\(unit.symbol)/output token")) }
    columns += [
      .init("first token p95", shown: .whereRoom), .init("token p95", shown: .whereRoom),
      .init("records", isText: true, shown: .inFull),
    ]
    var table = TextTable(columns)
    for row in ranking.rows {
      let mark = (row.isWithinLimits ? "" : "✗ ") + (row.isCanonical ? "" : "! ")
      var cells: [String] = ["\(mark)\(row.machine)", row.model, row.format, "\(row.threads)"]
      for price in [row.dollarsPerMillionInputTokens, row.dollarsPerMillionOutputTokens] {
        cells.append(price.map { Unit.bare($0) } ?? "absent")
      }
      if !energies.isEmpty {
        cells.append(row.joulesPerOutputToken.map { Unit.bare($0, factor: unit.factor) } ?? "absent")
      }
      for wait in [row.secondsToFirstTokenP95, row.secondsPerTokenP95] {
        cells.append(wait.map { Unit.seconds.text($0) } ?? "")
      }
      table.add(cells + [row.source])
    }
    var notes = [
      "sorted by \(ranking.by.words), as paid; each row at its own host's price; p95: what 95 of 100 wait at most"
    ]
    let hosts = Dictionary(grouping: ranking.rows, by: \.host).sorted { $0.key < $1.key }
    for (host, rows) in hosts {
      let machines = Set(rows.map(\.machine)).sorted()
      notes.append(
        "\(machines.count > 2 ? Wording.count(machines.count, "machine") : machines.joined(separator: ", ")): \(host)")
    }
    if ranking.rows.contains(where: { !$0.isWithinLimits }) {
      notes.append("✗ is beyond the limits that were asked for")
    }
    if ranking.rows.contains(where: { !$0.isCanonical }) {
      notes.append("! was not measured as the tool would choose, or with verdicts: not for comparing machines")
    }
    if !energies.isEmpty {
      notes.append("energy: \(energies.sorted().joined(separator: "; ")); different kinds do not compare")
    }
    add(.table("Machines", table, notes: notes))
    if let chart = Self.chart(of: ranking) { add(.chart(chart), detail: true) }
  }

  private static func chart(of ranking: Ranking) -> Chart? {
    let priced = ranking.rows.compactMap { row in row.dollarsPerMillionOutputTokens.map { (row, $0) } }.prefix(24)
    guard priced.count > 1, let first = priced.min(by: { $0.1.value < $1.1.value }),
      let last = priced.max(by: { $0.1.value < $1.1.value }), first.1.value > 0
    else { return nil }
    return Chart(
      "A million output tokens, machine by machine",
      "From \(Unit.dollars(first.1)) (\(first.0.model) \(first.0.format), \(first.0.machine)) to \(Unit.dollars(last.1)) "
        + "(\(last.0.model) \(last.0.format), \(last.0.machine)).",
      Bars(
        priced.map { row, price in
          Bars.Bar(
            "\(row.model) \(row.format)".fitted(20),
            [Bars.Part(row.machine, price.value, "\(Unit.dollars(price)), \(row.threads) threads")],
            limits: price.interval.map { (max(0, $0.low), $0.high) })
        }, isShare: false, unit: "$ per million output tokens"), fileName: "machines.svg")
  }
}

extension Ranking.Criterion {
  var words: String {
    switch self {
    case .output: "the price of an output token"
    case .input: "the price of an input token"
    case .joules: "the energy of an output token"
    }
  }
}
