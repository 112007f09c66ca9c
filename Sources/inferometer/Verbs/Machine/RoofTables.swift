import KernelContract
import KernelTiming
import Quantities
import Reporting
import Statistics

/// Roofs as tables of 80 columns.
package enum RoofTables {
  package static func all(_ roofs: Roofs) -> [(title: String, table: TextTable)] {
    [("Operations on registers alone", compute(roofs))]
      + StreamProbe.Traffic.allCases.map { (title(of: $0), bandwidth(roofs, $0)) }
      + [("Latency", latency(roofs))]
  }

  package static func remarks(_ roofs: Roofs) -> String {
    var text = "Measured \(roofs.time): \(roofs.method). ± is the wider half of the 95 % interval."
    let figures = roofs.compute.map(\.flopsPerSecond) + roofs.bandwidth.map(\.bytesPerSecond)
    if figures.contains(where: \.isUnsteady) || roofs.latency.contains(where: \.latencySeconds.isUnsteady) {
      text += " *: rounds differ by more than 5 %, the machine was not quiet."
    }
    if roofs.bandwidth.contains(where: { !$0.isCertain }) { text += " ?: caches may have helped." }
    return text
  }

  private static func title(of traffic: StreamProbe.Traffic) -> String {
    switch traffic {
    case .read: "Read a, GB/s by streams of each thread"
    case .copy: "Copy a = b, GB/s read and written"
    case .triad: "Triad a = b + s·c, GB/s read and written"
    }
  }

  private static func compute(_ roofs: Roofs) -> TextTable {
    let threads = Set(roofs.compute.map(\.threads)).sorted()
    var table = TextTable(
      [TextTable.text("type"), TextTable.text("instruction set")] + threads.map { TextTable.figure(count($0)) })
    for type in [ActivationFormat.f32, .bf16, .int8] {
      for isa in InstructionSet.allCases {
        let figures = threads.map { roofs.flopsPerSecond(type, isa, threads: $0) }
        if figures.allSatisfy({ $0 == nil }) { continue }
        let unit = type == .int8 ? Unit.operationRate : .flopRate
        table.add([type.rawValue, isa.rawValue] + figures.map { $0.map { cell($0, unit) } ?? "" })
      }
    }
    return table
  }

  private static func bandwidth(_ roofs: Roofs, _ traffic: StreamProbe.Traffic) -> TextTable {
    let rows = roofs.bandwidth.filter { $0.traffic == traffic }
    let streams = Set(rows.map(\.streams)).sorted()
    var table = TextTable(
      [TextTable.text("level"), TextTable.figure("threads")]
        + streams.map { TextTable.figure("\($0)") })
    for row in rows where row.streams == streams.first {
      let figures = streams.map { streams in
        rows.first { $0.level == row.level && $0.threads == row.threads && $0.streams == streams }?.bytesPerSecond
      }
      table.add(
        [label(row.level, row.bytesPerThread, row.isCertain), "\(row.threads)"]
          + figures.map { $0.map { cell($0, nil) } ?? "" })
    }
    return table
  }

  private static func latency(_ roofs: Roofs) -> TextTable {
    var table = TextTable([TextTable.text("level"), TextTable.figure("a step")])
    for row in roofs.latency {
      table.add([label(row.level, row.bytes, row.isCertain), cell(row.latencySeconds, .seconds)])
    }
    return table
  }

  /// `L2 1.05 MB`: the level, and how much each thread goes through.
  private static func label(_ level: String, _ bytes: Int, _ isCertain: Bool) -> String {
    "\(level)\(isCertain ? "" : "?") \(Unit.bytes.text(Double(bytes)))"
  }

  private static func count(_ threads: Int) -> String { threads == 1 ? "1 thread" : "\(threads) threads" }

  /// `18.9 ±2 %`, in units of 10⁹ where no other is named.
  private static func cell(_ figure: RoofFigure, _ unit: Unit?) -> String {
    let estimate = figure.estimate
    let value = unit?.text(estimate.value) ?? Unit.bare(Estimate(estimate.value / 1e9, nil, method: estimate.method))
    let mark = figure.isUnsteady ? "*" : ""
    guard let interval = estimate.interval else { return value + mark }
    let half = max(interval.high - estimate.value, estimate.value - interval.low) / estimate.value
    return "\(value) ±\(Unit.share.text(half, digits: half < 0.0995 ? 1 : 2))\(mark)"
  }
}
