import Records
import Statistics

/// What is written down of a measurement while it goes on: its plan, its runs, and what a reader of them has to know.
final class MeasureJournal {
  private(set) var plan: MeasurePlan
  private(set) var warnings: [Warning] = []
  /// All runs of the directory, those of an earlier session before those of this one.
  private(set) var records: [RunRecord]
  /// How many of them were there before.
  let earlierCount: Int
  private var files: MeasureFiles
  private let observer: CampaignObserver

  init(_ plan: MeasurePlan, files: MeasureFiles, observer: @escaping CampaignObserver) {
    self.plan = plan
    self.files = files
    self.observer = observer
    records = files.earlier
    earlierCount = files.earlier.count
  }

  var directory: ResultsDirectory { files.directory }

  /// Seconds that earlier sessions spent on runs.
  var secondsSpent: Double { records.prefix(earlierCount).reduce(0) { $0 + $1.wall.value } }

  func report(_ event: CampaignEvent) { observer(event) }

  func note(_ warning: Warning) {
    warnings.append(warning)
    observer(.noted(warning))
  }

  func keep(_ record: RunRecord) throws {
    try files.append(record)
    records.append(record)
    observer(.finished(record))
  }

  /// Leaves points out of the plan from here on; what was measured of them stays.
  func drop(_ points: [MeasurePoint], because reason: String) throws {
    guard !points.isEmpty else { return }
    plan.points.removeAll(where: points.contains)
    try files.save(plan)
    let names = points.map(\.name).joined(separator: ", ")
    note(Warning(code: "dropped-points", message: "\(names): left out, because \(reason)"))
  }

  /// Leaves the runs to other processes, which write them themselves: whoever took them over meanwhile would disturb the next.
  func letGoOfRuns() { files.letGo() }

  /// Takes over what other processes wrote.
  func readRuns() throws { records = try RunLog.read(directory.runs).records }

  func synchronize() throws { try files.synchronize() }

  /// Removes the directory of a measurement without a run. One whose runs cannot be read is kept, because it may have some.
  func removeIfEmpty() {
    if records.isEmpty, (try? RunLog.read(directory.runs).records.isEmpty) == true { files.remove() }
  }
}
