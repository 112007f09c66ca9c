/// How long roofs are measured.
package struct RoofPace: Sendable {
  /// Six are the fewest whose range is an interval for their median at 95 %.
  package var rounds: Int
  package var secondsEach: Double
  /// Before the first round of each probe with 512-bit vectors or tiles.
  package var warmUpSeconds: Double

  package init(rounds: Int, secondsEach: Double, warmUpSeconds: Double) {
    self.rounds = rounds
    self.secondsEach = secondsEach
    self.warmUpSeconds = warmUpSeconds
  }

  /// Of `machine --roofs`.
  package static let thorough = RoofPace(rounds: 6, secondsEach: 0.008, warmUpSeconds: 0.3)
  /// Of the few probes beside a measurement, whose own work has just warmed the machine up.
  package static let brief = RoofPace(rounds: 6, secondsEach: 0.008, warmUpSeconds: 0.05)
}
