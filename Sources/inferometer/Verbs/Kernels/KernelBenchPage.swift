import KernelTiming
import Quantities
import Records
import Reporting
import Statistics

/// One table of the kernel bench.
extension ReportPage {
  mutating func add(_ table: KernelBenchTable, _ coldMemory: ColdMemory) {
    let columns = KernelColumns.all(table.rows)
    var cells = TextTable(columns.map(\.layout))
    for row in table.rows { cells.add(columns.map { $0.cell(row) }) }
    add(.paragraph(KernelColumns.title(table.conditions, coldMemory)))
    self.table(nil, cells)
    for row in table.rows where row.isWrong == true {
      let error =
        row.errorOfBound.map { "errors of \($0.significant(3)) times their bound" } ?? "errors beyond all bounds"
      add(.paragraph("\(row.kernel) at \(row.size) is wrong: \(error)"))
    }
    for code in table.rows.flatMap({ $0.verdict ?? [] }).distinct {
      let known = VerdictCode(rawValue: code)
      add(.paragraph("! \(known?.finding ?? code): \(known?.remedy ?? "repeat")"))
    }
    for remark in KernelColumns.remarks(table) { add(.paragraph(remark)) }
    for row in table.rows { if let version = row.version { field(row.kernel, version) } }
  }
}

private enum KernelColumns {
  static func title(_ conditions: KernelBenchConditions, _ coldMemory: ColdMemory) -> String {
    let threads = "\(conditions.threads) thread\(conditions.threads == 1 ? "" : "s")"
    let slowed = conditions.slowdown.map { "slowed on purpose by \(($0.share * 100).significant(3)) %, " } ?? ""
    let title = "\(conditions.title), \(threads), \(slowed)"
    guard conditions.isCold else { return title + "warm" }
    let memory = "cold: \(Unit.bytes.text(Double(coldMemory.bytes))) read in turn"
    return title + memory + (coldMemory.exceedsCaches ? "" : ", which caches may hold")
      + (conditions.readRoof.value.map { "; read roof \(Unit.byteRate.text($0))" } ?? "")
      + (conditions.readRoof.reason.map { "; no read roof: \($0)" } ?? "")
  }

  struct Column {
    let layout: TextTable.Column
    let cell: (KernelRecord) -> String

    init(_ title: String, isText: Bool = false, isOptional: Bool = false, _ cell: @escaping (KernelRecord) -> String) {
      layout = TextTable.Column(title, isText: isText, shown: isOptional ? .whereRoom : .always)
      self.cell = cell
    }
  }

  /// Names are never cut: where the page is too narrow, what follows from the time goes first.
  static func all(_ rows: [KernelRecord]) -> [Column] {
    let libraries = rows.filter { $0.isa == nil }.map(\.kernel).distinct
    var columns = [Column("kernel", isText: true, \.kernel)]
    if rows.map(\.size).distinct.count > 1 { columns.append(Column("size", isText: true, \.size)) }
    let countsFlops = rows.contains { ($0.flops ?? 0) > 0 }
    columns += [
      Column("time") { row in row.seconds.map { Unit.seconds.text($0.value) + mark(row) } ?? "wrong" },
      Column("±") { $0.seconds?.relativeHalfWidth.map(percent) ?? "" },
    ]
    columns.append(Column("GB/s", isOptional: true) { giga($0.bytesPerSecond) })
    if countsFlops { columns.append(Column("GFLOP/s", isOptional: libraries.isEmpty) { giga($0.flopsPerSecond) }) }
    if rows.contains(where: \.isCold) { columns.append(Column("read") { share($0.shareOfReadRoof, of: $0) }) }
    if countsFlops {
      columns.append(Column("peak") { share($0.shareOfPeak, of: $0) })
      columns.append(Column("FLOP/B", isOptional: true) { $0.flopsPerByte?.significant(3) ?? "" })
    }
    for library in libraries {
      columns.append(Column("× \(library)") { $0.ratios?.first { $0.against == library }.map(ratio) ?? "" })
    }
    // What is first differs from format to format.
    if libraries.isEmpty, rows.contains(where: { $0.ratios?.isEmpty == false }) {
      columns.append(Column("× first") { $0.ratios?.first.map(ratio) ?? "" })
    }
    return columns
  }

  private static func mark(_ row: KernelRecord) -> String { row.verdict?.isEmpty == false ? "!" : "" }

  private static func percent(_ share: Double) -> String { "\((share * 100).significant(2))%" }

  private static func giga(_ rate: Estimate?) -> String { rate.map { ($0.value / 1e9).significant(3) } ?? "" }

  /// A share that is not known has a reason in the title or below; a kernel that is wrong has no times.
  private static func share(_ share: Double?, of row: KernelRecord) -> String {
    row.seconds == nil ? "" : share.map { "\(($0 * 100).fixed(0))%" } ?? "?"
  }

  static func remarks(_ table: KernelBenchTable) -> [String] {
    let timed = table.rows.filter { $0.seconds != nil }
    if !table.conditions.isCold, timed.contains(where: { $0.flops ?? 0 == 0 }) {
      return ["No share of a roof: what it reads comes from caches, and it makes no operations; --cold reads memory."]
    }
    let unknown = timed.filter { $0.flops ?? 0 > 0 && $0.shareOfPeak == nil }
    return unknown.compactMap(\.peakFlopsPerSecond?.reason).distinct.map { reason in
      let rows = unknown.filter { $0.peakFlopsPerSecond?.reason == reason }
      let names = rows.count == timed.count ? "" : " of \(rows.map(\.kernel).distinct.joined(separator: ", "))"
      return "No share of the peak\(names): \(reason)."
    }
  }

  /// Half the width of the interval, which may be lopsided: the whole interval is in the JSON.
  private static func ratio(_ ratio: KernelRecord.Ratio) -> String {
    ratio.speedRatio.value.significant(3) + (ratio.speedRatio.relativeHalfWidth.map { " ±\(percent($0))" } ?? "")
  }
}
