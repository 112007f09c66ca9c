import Records
import Statistics

/// What one of the processes of a measurement does: its runs, for so long.
package struct MeasurePart: Sendable {
  package var process: Int
  package var seconds: Double

  package init(process: Int, seconds: Double) {
    self.process = process
    self.seconds = seconds
  }
}

extension MeasureCampaign {
  /// Has every process of the plan make its runs, one process after another, and gathers what they wrote. `start` begins
  /// one, waits for its end, and returns what a reader of the results has to know.
  ///
  /// The processes write the runs themselves: whoever took them over meanwhile would disturb the next.
  package func run(processes: Int, start: (MeasurePart) throws -> [Warning]) throws -> Outcome {
    letGoOfRuns()
    let begin = seconds
    let spent = files.earlier.reduce(0) { $0 + $1.wall.value }
    // All before the last one that wrote a run had their time. That one goes on in a new process: each number stands for
    // runs that no other number shares a process with.
    let first = files.earlier.compactMap(\.process).max() ?? 0
    do {
      for process in first..<max(first, processes) where !cancellation.isCancelled {
        let left = max(0, plan.budgetSeconds - spent - (seconds - begin))
        let part = MeasurePart(process: process, seconds: left / Double(processes - process))
        for warning in try start(part) where !warnings.contains(warning) { note(warning) }
      }
    } catch {
      removeIfEmpty(try RunLog.read(directory.runs).records)
      throw error
    }
    let records = try RunLog.read(directory.runs).records
    removeIfEmpty(records)
    return Outcome(
      directory: records.isEmpty ? nil : directory, records: records, warnings: warnings, roofs: [],
      isInterrupted: cancellation.isCancelled)
  }

  private var seconds: Double { Double(instruments.timekeeper.nanoseconds()) / 1e9 }
}
