import Records
import Statistics

/// How well the median of a test's repetitions is to be known, and how long that may take.
///
/// Thirty repetitions or processes at least, and none that resemble their neighbours: where the machine goes through states that
/// outlast them, an interval that is narrow enough belongs to one state, and held the median in 20 to 50 % of cases. Such a goal
/// is refused instead; what lasts longer than all of them no goal of one measurement knows.
package struct RepetitionGoal: Sendable, Hashable {
  /// Half the width of the interval as a share of the median.
  package var halfWidth: Double
  package var budgetSeconds: Double

  package init(halfWidth: Double, budgetSeconds: Double = 60) {
    self.halfWidth = halfWidth
    self.budgetSeconds = budgetSeconds
  }

  /// What the repetitions so far are worth.
  package struct Progress: Sendable, Equatable {
    /// How many repetitions at the start are left out.
    package var warmUp: Int
    /// Nil while they are too few, or resemble their neighbours.
    package var halfWidth: Double?
  }

  package static func progress(wallSeconds: [Double]) -> Progress {
    guard let sample = try? Sample(wallSeconds) else { return Progress(warmUp: 0, halfWidth: nil) }
    let warmUp = sample.warmUpCount
    let rest = try? Sample(Array(wallSeconds.dropFirst(warmUp)))
    return Progress(warmUp: warmUp, halfWidth: rest.flatMap { halfWidth(of: $0.values) })
  }

  /// How well the median of the medians of processes is known, which are the independent units; each has warmed up by itself.
  package static func progress(processes walls: [[Double]]) -> Progress {
    Progress(warmUp: 0, halfWidth: halfWidth(of: walls.compactMap { try? Sample($0).median }))
  }

  static let fewest = 30

  /// Half the width of the interval of the median; nil where too few, or neighbours that resemble each other, tell none.
  private static func halfWidth(of values: [Double]) -> Double? {
    guard values.count >= fewest, let sample = try? Sample(values), !sample.neighboursResemble else { return nil }
    return sample.medianEstimate().relativeHalfWidth
  }

  package func isReached(by progress: Progress) -> Bool { progress.halfWidth.map { $0 <= halfWidth } ?? false }
}

extension RepetitionGoal {
  /// Marks the runs of repetitions before the change point, and says how well the median of the others is known.
  func markWarmUp(of repetitions: inout [[RunRecord]], named name: String) -> Warning {
    let progress = Self.progress(wallSeconds: repetitions.map { $0.reduce(0) { $0 + $1.wall.value } })
    for place in 0..<progress.warmUp {
      for run in repetitions[place].indices {
        repetitions[place][run].verdict.append(VerdictCode.warmUp.rawValue)
        repetitions[place][run].canonical = false
      }
    }
    let warmUp = progress.warmUp > 0 ? ", of which the first \(progress.warmUp) were a warm-up and are left out" : ""
    return verdict(progress, named: name, of: "\(repetitions.count) repetitions\(warmUp)")
  }

  /// How well the median of the processes is known, and which of the two ended it.
  package func verdict(processes walls: [[Double]], named name: String) -> Warning {
    verdict(Self.progress(processes: walls), named: name, of: "\(walls.count) process\(walls.count == 1 ? "" : "es")")
  }

  private func verdict(_ progress: Progress, named name: String, of units: String) -> Warning {
    let width =
      progress.halfWidth.map { "± \(($0 * 1000).rounded() / 10) % of these minutes" }
      ?? "no interval, which takes \(Self.fewest) that do not resemble their neighbours,"
    let found = "\(name): \(width) after \(units)"
    return isReached(by: progress)
      ? Warning(code: "goal-reached", message: "\(found); that is enough")
      : Warning(
        code: "budget-spent",
        message: "\(found); its time is spent: give it a longer --budget, or spread it over an hour with measure --over"
      )
  }
}
