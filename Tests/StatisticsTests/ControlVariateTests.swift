import Foundation
import Statistics
import Testing

@Suite struct ControlVariateTests {
  /// A figure that is exactly the inverse of its reference: left out, each window is foretold without error, and at the middle of the
  /// reference, 3.5 by logarithms √(3 · 4), the figure is one over it.
  @Test func byHand() throws {
    let reference: [Double] = [1, 2, 3, 4, 5, 6]
    let found = try #require(ControlVariate(reference.map { 1 / $0 }, reference: reference))
    #expect(found.cut > 1 - 1e-9)
    #expect(abs(try #require(found.adjusted).value - 1 / 12.0.squareRoot()) < 1e-12)
  }

  @Test func refusesWhatTellsNothing() {
    #expect(ControlVariate([1, 2, 3, 4, 5], reference: [1, 2, 3, 4, 5]) == nil)
    #expect(ControlVariate([1, 2, 3, 4, 5, 6], reference: [2, 2, 2, 2, 2, 2]) == nil)
    #expect(ControlVariate([1, 2, 3, 4, 5, 0], reference: [1, 2, 3, 4, 5, 6]) == nil)
  }

  /// Windows that wander by 4 %, of which a probe shows all but 1 %, or nothing.
  private func trial(_ random: inout SplitMix64, isLinked: Bool, windows: Int) -> ControlVariate? {
    var (figures, probes) = ([Double](), [Double]())
    for _ in 0..<windows {
      let state = 0.04 * Normal.quantile(random.unit())
      let other = 0.04 * Normal.quantile(random.unit())
      figures.append(exp(state + 0.01 * Normal.quantile(random.unit())))
      probes.append(exp(-(isLinked ? state : other)))
    }
    return ControlVariate(figures, reference: probes)
  }

  /// A linked probe is nearly always applied, and its interval holds what a window at the middle of its probes takes.
  @Test(arguments: [8, 16]) func aLinkedReferenceSteadies(windows: Int) throws {
    var random = SplitMix64(seed: 41)
    let trials = (0..<1000).compactMap { _ in trial(&random, isLinked: true, windows: windows) }
    let applied = trials.compactMap(\.adjusted)
    #expect(applied.count > 950, "\(applied.count)")
    let widths = applied.compactMap { $0.interval.map { log($0.high / $0.low) / 2 } }
    // Student's quantile times 1 % over the root of the windows, at the middle.
    #expect(widths.reduce(0, +) / Double(widths.count) < 0.02)
  }

  @Test(arguments: [8, 16]) func anUnlinkedReferenceIsLeftOut(windows: Int) {
    var random = SplitMix64(seed: 42)
    let applied = (0..<1000).count { _ in trial(&random, isLinked: false, windows: windows)?.isApplied == true }
    #expect(applied <= 50, "\(applied) of 1000")
  }

  /// The truth at a probe's middle is one over it where the link is exact but for 1 %.
  @Test func intervalsHoldTheTruth() {
    var random = SplitMix64(seed: 43)
    var (held, applied) = (0, 0)
    for _ in 0..<1000 {
      let states = (0..<8).map { _ in 0.04 * Normal.quantile(random.unit()) }
      let figures = states.map { exp($0 + 0.01 * Normal.quantile(random.unit())) }
      let found = ControlVariate(figures, reference: states.map { exp(-$0) })
      let middle = states.sorted()
      guard let interval = found?.adjusted?.interval else { continue }
      applied += 1
      if interval.contains(exp((middle[3] + middle[4]) / 2)) { held += 1 }
    }
    #expect(applied > 950 && Double(held) >= 0.93 * Double(applied), "\(held) of \(applied)")
  }
}
