import Foundation
import Statistics
import Testing

@Suite struct MannWhitneyTests {
  /// In {1, 2} and {3, 4, 5} no pair has the first greater: U = 0, the least of C(5, 2) = 10 arrangements, p = 2 · 1/10.
  /// For {1, 4} and {2, 3, 5}, U = 0 + 2 = 2; sums of ranks of the ten arrangements are 3 4 5 5 6 6 7 7 8 9, of which four
  /// are at most 5: p = 2 · 4/10.
  @Test(arguments: [([1.0, 2], [3.0, 4, 5], 0.0, 0.2), ([1, 4], [2, 3, 5], 2, 0.8)])
  func countsArrangements(_ first: [Double], _ second: [Double], u: Double, probability: Double) throws {
    let test = MannWhitney(try Sample(first), try Sample(second))
    #expect(test.u == u && test.method == .exact)
    #expect(abs(test.probability - probability) < 1e-15)
  }

  /// SciPy 1.17: `mannwhitneyu(method="exact")` without ties, `permutation_test` over all arrangements with them.
  @Test(arguments: [
    ([19.0, 22, 16, 29, 24], [20.0, 11, 17, 12], 17.0, 0.1111111111111111),
    ([1, 2, 2, 3, 9], [2, 4, 4, 5, 6], 7, 0.29365079365079366),
    ([10, 10, 11, 12], [10, 13, 13, 14, 15], 3, 0.1111111111111111),
  ])
  func agreesWithSciPyOnFew(_ first: [Double], _ second: [Double], u: Double, probability: Double) throws {
    let (first, second) = (try Sample(first), try Sample(second))
    let test = MannWhitney(first, second)
    #expect(test.u == u)
    #expect(abs(test.probability - probability) < 1e-12)
    let swapped = MannWhitney(second, first)
    #expect(swapped.u == Double(first.count * second.count) - u)
    #expect(abs(swapped.probability - probability) < 1e-12)
  }

  /// SciPy 1.17: `mannwhitneyu(method="asymptotic")`, without ties and rounded to one decimal.
  @Test(arguments: [(1000.0, 523.0, 0.36393741489970244), (10, 538, 0.46330960519944975)])
  func agreesWithSciPyOnMany(grid: Double, u: Double, probability: Double) throws {
    func rounded(_ value: Double) -> Double { grid == 10 ? (value * 10).rounded() / 10 : value }
    let first = try Sample((0..<40).map { rounded(Double($0 * 37 % 101) / 101) })
    let second = try Sample((0..<30).map { rounded(Double($0 * 53 % 97) / 97 + 0.1) })
    let test = MannWhitney(first, second)
    #expect(test.u == u && test.method == .normal)
    #expect(abs(test.probability - probability) < 1e-9)
  }

  @Test func equalValuesShowNothing() throws {
    let few = try Sample([3, 3, 3])
    #expect(MannWhitney(few, few).probability == 1)
    let many = try Sample(Array(repeating: 3, count: 31))
    #expect(MannWhitney(many, many).probability == 1)
  }

  /// 2 / C(6, 3) = 0.1, 2 / C(20, 10) = 2 / 184 756.
  @Test func theLeastProbabilityIsThatOfSeparateSamples() throws {
    #expect(abs(MannWhitney.leastProbability(3, 3) - 0.1) < 1e-15)
    #expect(abs(MannWhitney.leastProbability(10, 10) - 2 / 184_756) < 1e-18)
    let (low, high) = (try Sample([1, 2, 3]), try Sample([4, 5, 6, 7]))
    #expect(abs(MannWhitney(low, high).probability - MannWhitney.leastProbability(3, 4)) < 1e-15)
  }

  /// 0.01 · 4, 0.02 · 3, 0.03 · 2 = 0.06 (not less than the 0.06 before it), 0.9 · 1.
  @Test func holmMultipliesByTheTestsThatAreLeft() {
    let adjusted = Holm.adjusted([0.03, 0.01, 0.9, 0.02])
    for (value, expected) in zip(adjusted, [0.06, 0.04, 0.9, 0.06]) { #expect(abs(value - expected) < 1e-15) }
    #expect(Holm.adjusted([0.4, 0.7]) == [0.8, 0.8])
    #expect(Holm.adjusted([]) == [])
  }

  /// Ten values a side, half at e^0.01 and half at e^−0.01: s² = 10 · 10^−4 / 9. SciPy: t(18) quantiles.
  @Test func theDetectableRatioFollowsFromTheSpread() throws {
    let sample = try Sample((0..<10).map { exp($0.isMultiple(of: 2) ? 0.01 : -0.01) })
    let ratio = try #require(DetectableEffect.ratio(sample, sample))
    #expect(abs(ratio - 1.0143960344920848) < 1e-12)
    // 2 / C(6, 3) = 0.1: three against three are never significant at 0.05.
    #expect(DetectableEffect.ratio(try Sample([1, 2, 3]), try Sample([1, 2, 3])) == nil)
  }

  /// The power that was promised: of 400 comparisons with a true effect of the detectable ratio, 80 % ± 4 standard
  /// errors of 2 % are significant.
  @Test func theDetectableRatioIsDetected() throws {
    var noise = NormalNoise(seed: 7)
    let spread = 0.02
    let known = try Sample((0..<10).map { exp(spread * (0.9).squareRoot() * ($0.isMultiple(of: 2) ? 1 : -1)) })
    let ratio = try #require(DetectableEffect.ratio(known, known))
    let found = try (0..<400).count { _ in
      let base = try Sample((0..<10).map { _ in exp(spread * noise.next()) })
      let slow = try Sample((0..<10).map { _ in ratio * exp(spread * noise.next()) })
      return MannWhitney(base, slow).probability < 0.05
    }
    #expect((288...352).contains(found))
  }
}
