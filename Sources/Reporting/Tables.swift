import Quantities
import Records
import Statistics

/// The tables that the terminal and the Markdown report share. A unit stands in the title and is chosen for the column.
enum Tables {
  static func prefill(_ points: [MeasuredPoint], full: Bool) -> TextTable {
    let first = scale(points.compactMap(\.timeToFirstTokenSeconds))
    let each = scale(points.map(\.secondsPerToken))
    let hasContext = points.contains { $0.contextTokens > 0 }
    let hasSequences = points.contains { $0.sequences > 1 }
    var columns = [Column("prompt") { "\($0.mark)\($0.promptTokens)" }]
    if hasContext { columns.append(Column("context") { "\($0.contextTokens)" }) }
    if hasSequences { columns.append(Column("seqs") { "\($0.sequences)" }) }
    columns += [
      // The inverse of the time beside it, whose interval says it all where space is short.
      Column("tokens/s") { full ? Unit.bare($0.tokensPerSecond) : $0.tokensPerSecond.value.significant(3) },
      Column("first token \(first.symbol)") {
        $0.timeToFirstTokenSeconds.map { Unit.bare($0, factor: first.factor) } ?? ""
      },
      Column("\(each.symbol)/token") { Unit.bare($0.secondsPerToken, factor: each.factor) },
      Column("$/M tokens") { Unit.bare($0.dollarsPerMillionTokens) },
    ]
    columns += energy(points, full: full)
    columns.append(Column("GFLOP/s", optional: true) { ($0.flopsPerSecond.value / 1e9).significant(3) })
    if full {
      columns +=
        [
          Column("of FLOP roof") { $0.flopRoofShare.map { Unit.share.text($0) } ?? "not measured" }
        ] + details(points)
    }
    return table(columns, points)
  }

  static func decode(_ points: [MeasuredPoint], full: Bool) -> TextTable {
    let step = scale(points.compactMap(\.timePerOutputTokenSeconds))
    func shown(_ percentile: Estimate?) -> String {
      guard let percentile else { return "" }
      return full ? Unit.bare(percentile, factor: step.factor) : (percentile.value / step.factor).significant(3)
    }
    var columns = [
      Column("context") { "\($0.mark)\($0.contextTokens)" }, Column("seqs") { "\($0.sequences)" },
      // The inverse of the time beside it, whose interval says it all where space is short.
      Column("tokens/s") { full ? Unit.bare($0.tokensPerSecond) : $0.tokensPerSecond.value.significant(3) },
      Column("\(step.symbol)/token") { $0.timePerOutputTokenSeconds.map { Unit.bare($0, factor: step.factor) } ?? "" },
      Column("p50") { shown($0.percentiles?.p50Seconds) }, Column("p90") { shown($0.percentiles?.p90Seconds) },
      Column("p99") { shown($0.percentiles?.p99Seconds) },
      Column("$/M tokens") { Unit.bare($0.dollarsPerMillionTokens) },
    ]
    columns += energy(points, full: full)
    if full { columns += [Column("GFLOP/s") { ($0.flopsPerSecond.value / 1e9).significant(3) }] + details(points) }
    return table(columns, points)
  }

  /// FLOPs and bytes of one token by operation class, in decode and in prefill.
  static func operations(_ points: [MeasuredPoint], full: Bool) -> TextTable {
    let moved = full ? ["read", "written"] : ["bytes"]
    let titles = points.flatMap { point in (["FLOP"] + moved).map { "\(point.phase.rawValue) \($0)" } }
    var table = TextTable([TextTable.text("operation")] + titles.map { TextTable.figure($0) })
    for name in classes(of: points) {
      table.add([name] + points.flatMap { cells($0.operationsPerToken[name], full: full) })
    }
    let totals = points.map { $0.operationsPerToken.values.reduce(.zero, +) }
    table.add(["one token"] + totals.flatMap { cells($0, full: full) })
    return table
  }

  /// Names of the operation classes, the most work first.
  private static func classes(of points: [MeasuredPoint]) -> [String] {
    let names = Set(points.flatMap(\.operationsPerToken.keys))
    let work = names.map { name in
      (name: name, flops: points.reduce(0) { $0 + ($1.operationsPerToken[name]?.flops.value ?? 0) })
    }
    return work.sorted { ($1.flops, $0.name) < ($0.flops, $1.name) }.map(\.name)
  }

  private static func cells(_ count: OperationCount?, full: Bool) -> [String] {
    guard let count else { return full ? ["", "", ""] : ["", ""] }
    let moved = full ? [count.bytesRead, count.bytesWritten] : [count.bytesRead + count.bytesWritten]
    return [Unit.count.text(count.flops.value)] + moved.map { Unit.bytes.text($0.value) }
  }

  /// With the way it came about where there is room: beside one another figures of several ways would be taken for one's.
  private static func energy(_ points: [MeasuredPoint], full: Bool) -> [Column] {
    let energies = points.compactMap(\.energy)
    guard full, !energies.isEmpty else { return [] }
    let unit = Unit.joules.scale(for: (try? Sample(energies.map(\.joulesPerToken.value)))?.median ?? 1)
    func cell(_ figure: Estimate?) -> String { figure.map { Unit.bare($0, factor: unit.factor) } ?? "" }
    return [
      Column("\(unit.symbol)/token") { cell($0.energy?.joulesPerToken) },
      Column("without idle") { cell($0.energy?.idleSubtractedJoulesPerToken) },
      Column("energy") { $0.energy?.label ?? "absent" },
    ]
  }

  private static func details(_ points: [MeasuredPoint]) -> [Column] {
    let processes = [
      Column("processes") { $0.processes.map { "\($0)" } ?? "" },
      Column("design effect") { $0.designEffect?.significant(2) ?? "" },
    ]
    return [
      Column("GB/s") { ($0.bytesPerSecond.value / 1e9).significant(3) },
      Column("of read roof") { $0.readRoofShare.map { Unit.share.text($0) } ?? "not measured" },
      Column("runs") { $0.flaggedRuns > 0 ? "\($0.runs) (\($0.flaggedRuns) flagged)" : "\($0.runs)" },
    ] + (points.contains { $0.processes != nil } ? processes : [])
  }

  private struct Column {
    var title: String
    var isOptional: Bool
    var cell: (MeasuredPoint) -> String

    init(_ title: String, optional: Bool = false, _ cell: @escaping (MeasuredPoint) -> String) {
      self.title = title
      isOptional = optional
      self.cell = cell
    }
  }

  private static func table(_ columns: [Column], _ points: [MeasuredPoint]) -> TextTable {
    var table = TextTable(columns.map { TextTable.Column(title: $0.title, isOptional: $0.isOptional) })
    for point in points { table.add(columns.map { $0.cell(point) }) }
    return table
  }

  /// One scale for a column: that of its median.
  private static func scale(_ estimates: [Estimate]) -> Unit.Scale {
    Unit.seconds.scale(for: (try? Sample(estimates.map(\.value)))?.median ?? 1)
  }
}
