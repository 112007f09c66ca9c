import Statistics

/// A rate or a time at the machine's limit. Its estimate is the median over rounds, which take turns with those of the other
/// figures; chunks of one round are too alike to count as observations.
package struct RoofFigure: Codable, Sendable, Equatable {
  package var estimate: Estimate
  /// The figure of the best chunk of all rounds.
  package var best: Double

  package init(estimate: Estimate, best: Double) {
    self.estimate = estimate
    self.best = best
  }

  /// How far rounds may lie apart, as a share of the figure, before a reader must know.
  static let steadyShare = 0.05

  /// `seconds` holds the times of each round's chunks, `amount` what a chunk does.
  package static func rate(of seconds: [[Double]], amount: Double) throws -> RoofFigure {
    try RoofFigure(seconds.map { $0.map { amount / $0 } }) { $0.maximum }
  }

  /// The time of one step, of which each chunk makes `steps`.
  package static func time(of seconds: [[Double]], steps: Double) throws -> RoofFigure {
    try RoofFigure(seconds.map { $0.map { $0 / steps } }) { $0.minimum }
  }

  private init(_ rounds: [[Double]], best: (Sample) -> Double) throws {
    let medians = try Sample(rounds.map { try Sample($0).median })
    var estimate = medians.medianEstimate()
    let spread = (medians.maximum - medians.minimum) / estimate.value
    if spread > Self.steadyShare {
      estimate.warnings.append(
        Warning(
          code: "unsteady",
          message: "rounds differ by \(Int((spread * 100).rounded())) %: measure again on a quiet machine"))
    }
    self.init(estimate: estimate, best: best(try Sample(rounds.flatMap(\.self))))
  }

  package var isUnsteady: Bool { estimate.warnings.contains { $0.code == "unsteady" } }
}
