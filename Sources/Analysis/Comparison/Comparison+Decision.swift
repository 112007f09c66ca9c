import Quantities
import Statistics

/// When a comparison that is still running may stop: when each difference has been found, or one of the effect excluded.
///
/// Both are said by tests and intervals for repeated looks, so that looking after every round costs no trust.
extension Comparison {
  package func isDecided(effect: Double) -> Bool {
    !isEmpty && changes.allSatisfy { $1.isSignificant || $1.excludes(effect) }
  }

  /// What the rounds have shown of each row.
  package func findings(effect: Double) -> [Warning] {
    let size = "\((effect * 100).significant(2))%"
    return changes.map { name, change in
      if change.isSignificant { return Warning(code: "difference", message: "\(name): \(change.percent)") }
      if change.excludes(effect) {
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
          cell?.change.map { ("\(row.name) of \(side), \(table.unit.id)", $0) }
        }
      }
    }
  }
}

extension Comparison.Change {
  fileprivate func excludes(_ effect: Double) -> Bool {
    ratio.interval.map { 1 - effect <= $0.low && $0.high <= 1 + effect } ?? false
  }
}
