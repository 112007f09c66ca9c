import Statistics

/// When a comparison that is still running may stop.
///
/// Testing again after every round would find a difference in the end where there is none. So a difference is told early
/// only at a probability of 0.001 (Haybittle 1971; Peto 1976), which leaves the last test its 0.05, and otherwise rounds go
/// on until the interval of the ratio is as narrow as the effect that was asked about, which says nothing of its place: it
/// then leaves out either no difference or a difference of that size.
extension Comparison {
  private static let earlyAlpha = 0.001

  package func isDecided(effect: Double) -> Bool {
    !isEmpty
      && changes.allSatisfy { _, change in
        guard let interval = change.ratio.interval else { return false }
        return change.adjustedProbability <= Self.earlyAlpha || interval.high - interval.low <= effect
      }
  }

  /// What the rounds have shown of each row.
  package func findings(effect: Double) -> [Warning] {
    let size = "\((effect * 100).significant(2))%"
    return changes.map { name, change in
      if change.isSignificant { return Warning(code: "difference", message: "\(name): \(change.percent)") }
      if let interval = change.ratio.interval, 1 - effect <= interval.low, interval.high <= 1 + effect {
        return Warning(code: "no-difference", message: "\(name): a difference of \(size) or more is excluded")
      }
      return Warning(
        code: "undecided", message: "\(name): undecided whether it differs by \(size); give it a longer --budget")
    }
  }

  private var changes: [(name: String, change: Change)] {
    tables.flatMap { table in
      table.rows.flatMap { row in
        zip(sides, row.cells).compactMap { side, cell in
          cell?.change.map { ("\(row.name) of \(side), \(table.unit.rawValue)", $0) }
        }
      }
    }
  }
}
