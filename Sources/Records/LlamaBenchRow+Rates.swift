import Statistics

/// The figure of a row's rates, and what the processes that made them have to do with it.
extension LlamaBenchRow {
  /// Rates by process; nil where all are of one.
  static func clusters(_ rates: [Double], _ processes: [Int]) -> Clusters? {
    guard !processes.isEmpty else { return nil }
    let groups = Dictionary(grouping: zip(processes, rates)) { $0.0 }.sorted { $0.key < $1.key }
    return Clusters(groups.compactMap { try? Sample($0.value.map(\.1)) })
  }

  /// Of the medians of processes where there are several, else of repetitions: the median with order statistics, or the
  /// mean with Student's interval of those too few for it.
  static func middle(_ rate: Sample, _ clusters: Clusters?) -> Estimate {
    let units = clusters.flatMap { try? Sample($0.clusters.map(\.median)) } ?? rate
    return units.count >= Sample.countNeeded(probability: 0.5, level: 0.95)
      ? units.medianEstimate() : units.meanEstimate()
  }
}
