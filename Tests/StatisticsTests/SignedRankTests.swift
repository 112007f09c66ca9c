import Foundation
import Statistics
import Testing

@Suite struct SignedRankTests {
  /// Sizes 0.5 0.75 1 1.5 2.25 3 4 have ranks 1 to 7, of which 1 and 3 are negative: T = 4. Of 2⁷ ways to give signs 7 have a
  /// sum up to 4 (none, 1, 2, 3, 4, 1+2, 1+3): p = 2 · 7/128. P(T < 3) = 3/128 ≤ 0.025 < P(T < 4): the third of the 28 means
  /// of pairs from either end bounds the shift.
  @Test func countsSigns() throws {
    let test = SignedRank(try Sample([1.5, -0.5, 2.25, 3, -1, 0.75, 4]))
    #expect(abs(test.probability - 14.0 / 128) < 1e-15)
    #expect(test.shift == 1.5)
    let interval = try #require(test.interval(alpha: 0.05))
    #expect(interval.low == -0.5 && interval.high == 3.125)
    // 2 / 2⁷ is the least that seven pairs can show.
    #expect(test.interval(alpha: 0.0157) != nil && test.interval(alpha: 0.0156) == nil)
  }

  /// Ten zeros and six ones. Of 136 means of pairs 10 · 11 / 2 = 55 are zero and 81 above: all count against a negative shift,
  /// and P(T ≤ 55) of 16 pairs is 0.2706. Zero is the lower limit.
  @Test func zerosSpeakForNoDifference() throws {
    let test = SignedRank(try Sample(Array(repeating: 0, count: 10) + Array(repeating: 1, count: 6)))
    #expect(test.probability > 0.5)
    #expect(test.interval(alpha: 0.05)?.contains(0) == true)
    #expect(SignedRank(try Sample([0, 0])).probability == 1)
  }

  /// 1 −1 2: of the six means 1, 0, 1.5, −1, 0.5, 2 two are at most zero and five at least: P(T ≤ 2) = 3/8, P(T ≤ 5) = 7/8.
  @Test func aTieCountsForBothSides() throws {
    #expect(abs(SignedRank(try Sample([1, -1, 2])).probability - 0.75) < 1e-15)
  }

  /// SciPy 1.17: `wilcoxon(correction=True, method="asymptotic")`; limits by NumPy over all means of pairs.
  @Test func agreesWithSciPyOnMany() throws {
    let grid = (0..<80).map { Double($0 * 37 % 101) }
    let test = SignedRank(try Sample(grid.map { $0 / 101 - 0.42 }))
    #expect(abs(test.probability - 0.02787097763924039) < 1e-12)
    #expect(abs(test.shift - 0.07504950495049506) < 1e-12)
    let interval = try #require(test.interval(alpha: 0.05))
    #expect(abs(interval.low - 0.0057425742574257616) < 1e-12 && abs(interval.high - 0.14435643564356437) < 1e-12)
  }

  /// Both are made of the same ways to give signs.
  @Test func theIntervalLeavesOutWhatTheTestRejects() throws {
    var noise = NormalNoise(seed: 5)
    for count in [6, 20, 60, 80] {
      for step in [0, 0.5, 1] {
        for _ in 0..<20 {
          let values = (0..<count).map { _ in 0.3 + noise.next() }
          let test = SignedRank(try Sample(step > 0 ? values.map { ($0 / step).rounded() * step } : values))
          let interval = test.interval(alpha: 0.05)
          #expect((interval.map { !$0.contains(0) } ?? false) == (test.probability <= 0.05))
        }
      }
    }
  }

  /// 80 % ± 4 standard errors of 2 % of 400 comparisons with a true shift of what was said to be detectable.
  @Test func theDetectableRatioIsDetected() throws {
    var noise = NormalNoise(seed: 8)
    let ratios = try (0..<400).map { _ in
      try #require(DetectableEffect.ratio(SignedRank(try Sample((0..<30).map { _ in 0.02 * noise.next() }))))
    }
    let shift = log(try Sample(ratios).median)
    let found = try (0..<400).count { _ in
      SignedRank(try Sample((0..<30).map { _ in shift + 0.02 * noise.next() })).probability < 0.05
    }
    #expect((288...352).contains(found))
  }
}
