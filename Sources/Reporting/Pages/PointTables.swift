import Analysis
import Quantities
import Records
import Statistics

/// The tables of measured points. A unit stands in the title and is chosen for the column.
enum PointTables {
  static func prefill(_ points: [MeasuredPoint]) -> TextTable {
    let first = Unit.seconds.scale(forAll: points.compactMap { $0.timeToFirstTokenSeconds?.value })
    let each = Unit.seconds.scale(forAll: points.map(\.secondsPerToken.value))
    let hasContext = points.contains { $0.contextTokens > 0 }
    let hasSequences = points.contains { $0.sequences > 1 }
    let columns =
      [Column("prompt") { "\($0.mark)\($0.promptTokens)" }]
      + (hasContext ? [Column("context") { "\($0.contextTokens)" }] : [])
      + (hasSequences ? [Column("seqs") { "\($0.sequences)" }] : []) + [
        rate,
        Column("first token \(first.symbol)") {
          figure($0.timeToFirstTokenSeconds, factor: first.factor)
        },
        Column("paid \(each.symbol)/token") { figure($0.secondsPerToken, factor: each.factor) }, price,
      ] + energy(points) + [
        Column("GFLOP/s", .whereRoom, flopRate),
        Column("of FLOP roof", .inFull) { .init($0.flopRoofShare.map { Unit.share.text($0) } ?? "not measured") },
      ] + details(points)
    return table(columns, points)
  }

  static func decode(_ points: [MeasuredPoint]) -> TextTable {
    let step = Unit.seconds.scale(forAll: points.compactMap { $0.timePerOutputTokenSeconds?.value })
    func shown(_ percentile: Estimate?) -> TextTable.Cell {
      guard let percentile else { return "" }
      return .init(
        Unit.bare(percentile, factor: step.factor), brief: (percentile.value / step.factor).significant(3))
    }
    let columns =
      [
        Column("context") { "\($0.mark)\($0.contextTokens)" }, Column("seqs") { "\($0.sequences)" }, rate,
        Column("\(step.symbol)/token") {
          figure($0.timePerOutputTokenSeconds, factor: step.factor)
        },
        Column("p50") { shown($0.percentiles?.p50Seconds) }, Column("p90") { shown($0.percentiles?.p90Seconds) },
        Column("p99") { shown($0.percentiles?.p99Seconds) }, price,
      ] + energy(points) + [Column("GFLOP/s", .inFull, flopRate)] + details(points)
    return table(columns, points)
  }

  /// What a token takes in each phase.
  static func phases(_ phases: TokenPhases) -> TextTable {
    let unit = Unit.joules.scale(
      forAll: phases.rows.dropLast(phases.hasSampling ? 1 : 0).compactMap { $0.joules?.value })
    let hasEnergy = !phases.energyMethods.isEmpty
    let mark = phases.energyMethods.contains { !$0.isMeasured } ? "≈ " : ""
    var columns = [TextTable.text("phase"), TextTable.figure("paid time/token")]
    if hasEnergy { columns += [TextTable.figure("\(mark)\(unit.symbol)/token"), TextTable.figure("without idle")] }
    // The tables of the phases show it already.
    columns.append(TextTable.Column("$/M tokens", shown: .whereRoom))
    var table = TextTable(columns)
    for row in phases.rows {
      let joules = [row.joules, row.idleSubtractedJoules].map { figure in
        figure.map { Unit.bare($0, factor: unit.factor) } ?? row.energyAbsentCode ?? "absent"
      }
      table.add(
        ["\(row.isDoubtful ? "!" : "")\(row.name)", Unit.seconds.text(row.seconds)] + (hasEnergy ? joules : [])
          + [Unit.bare(row.dollarsPerMillionTokens)])
    }
    if !phases.hasSampling { table.add(["sampling", "not measured"]) }
    return table
  }

  /// FLOPs and bytes of one token by operation class, in decode and in prefill.
  static func operations(_ points: [MeasuredPoint]) -> TextTable {
    var columns = [TextTable.text("operation")]
    for phase in points.map(\.phase.rawValue) {
      columns += [
        TextTable.figure("\(phase) FLOP"), .init("\(phase) bytes", shown: .inBrief),
        .init("\(phase) read", shown: .inFull), .init("\(phase) written", shown: .inFull),
      ]
    }
    var table = TextTable(columns)
    for name in classes(of: points) { table.add([name] + points.flatMap { cells($0.operationsPerToken[name]) }) }
    table.add(["one token"] + points.flatMap { cells($0.operationsPerToken.values.reduce(.zero, +)) })
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

  private static func cells(_ count: OperationCount?) -> [String] {
    guard let count else { return ["", "", "", ""] }
    let bytes = [count.bytesRead + count.bytesWritten, count.bytesRead, count.bytesWritten]
    return [Unit.count.text(count.flops.value)] + bytes.map { Unit.bytes.text($0.value) }
  }

  // MARK: - Columns

  private struct Column {
    var title: String
    var shown: TextTable.Column.Shown
    var cell: (MeasuredPoint) -> TextTable.Cell

    init(
      _ title: String, _ shown: TextTable.Column.Shown = .always, _ cell: @escaping (MeasuredPoint) -> TextTable.Cell
    ) {
      self.title = title
      self.shown = shown
      self.cell = cell
    }
  }

  /// The inverse of the time beside it, whose interval says it all where space is short.
  private static var rate: Column {
    Column("tokens/s") { .init(Unit.bare($0.tokensPerSecond), brief: $0.tokensPerSecond.value.significant(3)) }
  }

  private static var price: Column { Column("$/M tokens") { figure($0.dollarsPerMillionTokens) } }

  /// A figure of a column. The range of a few is left to wider pages where space is short.
  private static func figure(_ estimate: Estimate?, factor: Double = 1) -> TextTable.Cell {
    guard let estimate else { return "" }
    let whole = Unit.bare(estimate, factor: factor)
    return .init(whole, brief: estimate.method == .range ? (estimate.value / factor).significant(3) : whole)
  }

  private static func flopRate(_ point: MeasuredPoint) -> TextTable.Cell {
    .init((point.flopsPerSecond.value / 1e9).significant(3))
  }

  /// The way in which a figure came about stands with it, because figures of several ways in one column look alike.
  private static func energy(_ points: [MeasuredPoint]) -> [Column] {
    let energies = points.compactMap(\.energy)
    guard !energies.isEmpty else { return [] }
    let unit = Unit.joules.scale(forAll: energies.map(\.joulesPerToken.value))
    func cell(_ figure: Estimate?) -> TextTable.Cell { .init(figure.map { Unit.bare($0, factor: unit.factor) } ?? "") }
    return [
      Column("\(unit.symbol)/token", .inFull) { cell($0.energy?.joulesPerToken) },
      Column("without idle", .inFull) { cell($0.energy?.idleSubtractedJoulesPerToken) },
      Column("energy", .inFull) { .init($0.energy?.label ?? "absent") },
    ]
  }

  private static func details(_ points: [MeasuredPoint]) -> [Column] {
    let processes = [
      Column("processes", .inFull) { .init($0.processes.map { "\($0)" } ?? "") },
      Column("design effect", .inFull) { .init($0.designEffect?.significant(2) ?? "") },
    ]
    return [
      Column("GB/s", .inFull) { .init(($0.bytesPerSecond.value / 1e9).significant(3)) },
      Column("of read roof", .inFull) { .init($0.readRoofShare.map { Unit.share.text($0) } ?? "not measured") },
      Column("runs", .inFull) {
        .init($0.flaggedRuns > 0 ? "\($0.runs) (\($0.flaggedRuns) flagged)" : "\($0.runs)")
      },
    ] + (points.contains { $0.processes != nil } ? processes : [])
  }

  private static func table(_ columns: [Column], _ points: [MeasuredPoint]) -> TextTable {
    var table = TextTable(columns.map { TextTable.Column($0.title, shown: $0.shown) })
    for point in points { table.add(columns.map { $0.cell(point) }) }
    return table
  }
}

extension MeasuredPoint {
  /// The mark that stands before its length where it rests on doubtful runs alone.
  fileprivate var mark: String { isDoubtful ? "!" : "" }
}
