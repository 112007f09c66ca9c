import Glibc
import Statistics

/// Observations by what is independent of one another: processes where there are several, else windows of time, else the
/// observations themselves.
///
/// What a process has by luck, such as where its memory lies, all its runs share; what the machine does for a minute, all runs
/// of that minute share.
struct Units {
  enum Kind: String {
    case process, window, repetition
  }

  let groups: [[Observation]]
  let kind: Kind

  init(_ observations: [Observation]) {
    func divided(by number: KeyPath<Observation, Int?>) -> [[Observation]]? {
      let parts = Dictionary(grouping: observations) { $0[keyPath: number] ?? -1 }
      return parts.count > 1 && parts[-1] == nil ? parts.sorted { $0.key < $1.key }.map(\.value) : nil
    }
    if let processes = divided(by: \.process) {
      (groups, kind) = (processes, .process)
    } else if let windows = divided(by: \.window) {
      (groups, kind) = (windows, .window)
    } else {
      (groups, kind) = (observations.map { [$0] }, .repetition)
    }
  }

  /// The number of an observation's unit.
  func number(of observation: Observation) -> Int {
    switch kind {
    case .process: observation.process ?? 0
    case .window: observation.window ?? 0
    case .repetition: observation.repetition
    }
  }

  /// The median over the units of a figure that each run gave once, from the medians of the units. Nil where a run lacks it.
  func estimate(_ figure: (Measured) -> Double) -> Estimate? {
    samples(figure).flatMap { try? Sample($0.map(\.median)).medianOrRange() }
  }

  /// A sum over all runs by a count over all runs, such as seconds by tokens, as paid for. Nil where there is none to count.
  func mean(_ parts: (Measured) -> (sum: Double, count: Double)) -> Estimate? {
    Estimate.mean(
      ofUnits: groups.map { group in
        let each = group.map { parts($0.measured) }
        return (number(of: group[0]), each.reduce(0) { $0 + $1.sum }, each.reduce(0) { $0 + $1.count })
      })
  }

  /// How many times the variance of the units' share exceeds that of as many independent runs; nil where runs are units.
  func designEffect(_ figure: (Measured) -> Double) -> Double? {
    kind != .repetition ? samples(figure).flatMap { Clusters($0)?.designEffect(at: 0.5) } : nil
  }

  /// The median of all observations that have the figure; nil where none has it.
  func median(_ figure: (Measured) -> Double?) -> Double? {
    (try? Sample(groups.flatMap(\.self).compactMap { figure($0.measured) }))?.median
  }

  /// The times of single samples, those of each unit as a cluster; nil without a sample.
  var sampleTimes: Clusters? {
    Clusters(groups.compactMap { try? Sample($0.flatMap(\.measured.samples).map(\.wallSeconds.value)) })
  }

  private func samples(_ figure: (Measured) -> Double) -> [Sample]? {
    let samples = groups.compactMap { try? Sample($0.map { figure($0.measured) }) }
    return samples.count == groups.count ? samples : nil
  }
}

extension Estimate {
  /// A figure of several runs whose intervals come from what they have in common, which repeating does not shrink: a
  /// sensor's calibration, a coefficient. The interval of what the runs differ by is added in quadrature.
  static func alike(_ figures: [Estimate], spread: Interval?) -> Estimate? {
    guard let first = figures.first, let values = try? Sample(figures.map(\.value)),
      let lows = try? Sample(figures.compactMap(\.interval?.low)),
      let highs = try? Sample(figures.compactMap(\.interval?.high)), lows.count == figures.count
    else { return nil }
    let value = values.median
    let below = hypot(value - lows.median, max(0, value - (spread?.low ?? value)))
    let above = hypot(highs.median - value, max(0, (spread?.high ?? value) - value))
    let low = lows.minimum >= 0 ? max(0, value - below) : value - below
    return Estimate(
      value, Interval(low: low, high: value + above, level: 0.95), method: first.method, warnings: first.warnings)
  }

  /// The sum with a figure whose error has the same cause: limits meet limits.
  func plusAlike(_ other: Estimate) -> Estimate {
    var sum = plus(other)
    if let mine = interval, let theirs = other.interval {
      sum.interval = Interval(
        low: mine.low + theirs.low, high: mine.high + theirs.high, level: min(mine.level, theirs.level))
    }
    return sum
  }
}
