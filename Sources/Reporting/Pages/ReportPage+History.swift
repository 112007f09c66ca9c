import Analysis
import Quantities
import Records

/// What a machine gave at other times.
extension ReportPage {
  package init(_ history: [SetupHistory], path: String) {
    self.init()
    if history.isEmpty {
      add(.paragraph("No measurement is remembered on this machine; measure keeps one line of each."))
    }
    for setting in history {
      field("setup", setting.setup.printable)
      var table = TextTable([
        TextTable.text("measured at"), TextTable.figure("units"), TextTable.figure("input token"),
        TextTable.figure("output token"),
      ])
      for sitting in setting.sittings.suffix(20) {
        table.add(
          [sitting.time, "\(sitting.units)"]
            + ["input", "output"].map { sitting.seconds[$0].map { Unit.seconds.text($0) } ?? "" }
        )
      }
      table.add(
        ["hours differ by", ""]
          + ["input", "output"].map { setting.deviations[$0].map { "\(Unit.share.text($0))" } ?? "" })
      self.table(nil, table)
      add(.space)
    }
    add(
      .note(
        "As paid, at the reference lengths; the last line is the standard deviation between measurements. "
          + "Kept in \(path), forgotten with machine --forget-history."))
  }
}
