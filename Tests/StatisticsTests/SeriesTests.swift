import Statistics
import Testing

@Suite struct SeriesTests {
  private static let fast: [Double] = [5.0, 5.07, 5.04, 5.01, 5.08, 5.05, 5.02, 5.09, 5.06, 5.03]

  /// Five slow steps before ten fast ones: of C(15, 5) = 3003 arrangements one is as extreme on either side, and 14 places
  /// were tried: 14 · 2/3003.
  @Test func findsTheEndOfAWarmUp() throws {
    let series = try Sample([9.4, 9.2, 9.5, 9.1, 9.3] + Self.fast)
    let change = try #require(ChangePoint(series))
    #expect(change.index == 5)
    #expect(abs(change.probability - 28.0 / 3003) < 1e-12)
    #expect(series.warmUpCount == 5)
  }

  @Test func takesNeitherChanceNorASlowEndForAWarmUp() throws {
    #expect(try Sample([9, 5, 5.1, 5.2, 5.05, 5.15, 5.12, 5.01]).warmUpCount == 0)
    let slowEnd = try Sample(Self.fast + [9.1, 9.2, 9.3, 9.4, 9.5])
    #expect(try #require(ChangePoint(slowEnd)).index == 10)
    #expect(slowEnd.warmUpCount == 0)
    #expect(try ChangePoint(Sample([1])) == nil)
  }

  /// At most 1 % of series without a change may be cut; of 500, four standard errors above that is 14.
  @Test func noiseHasNoWarmUp() throws {
    var noise = NormalNoise(seed: 3)
    let cut = try (0..<500).count { _ in try Sample((0..<64).map { _ in noise.next() }).warmUpCount > 0 }
    #expect(cut <= 14)
  }

  /// SciPy 1.17, `spearmanr`, without ties and with them.
  @Test(arguments: [
    ([3, 1, 4, 1.5, 5, 9, 2.6, 6], 0.523809523809524, 0.1827207505397148),
    ([10, 10, 10, 10, 14, 14, 14, 14], 0.8728715609439694, 0.004659214943993945),
  ])
  func correlationAgreesWithSciPy(_ values: [Double], correlation: Double, probability: Double) throws {
    let trend = try #require(Trend(try Sample(values)))
    #expect(abs(trend.correlation - correlation) < 1e-12)
    #expect(abs(trend.probability - probability) < 1e-12)
  }

  @Test func halvesAreComparedByTheirMedians() throws {
    #expect(try Trend(Sample([1, 2, 3, 100, 4, 5, 6]))?.halvesRatio == 2.5)
    #expect(try Trend(Sample([1, 2, 3])) == nil)
    #expect(try Trend(Sample([2, 2, 2, 2])) == nil)
  }
}
