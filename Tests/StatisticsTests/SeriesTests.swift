import Foundation
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

  /// A first run that took five times as long as any of 23 others, and two and three of them.
  @Test(arguments: [1, 2, 3]) func findsFewSlowFirstRuns(count: Int) throws {
    var noise = NormalNoise(seed: 9)
    for _ in 0..<50 {
      let times = (0..<24).map { exp(0.05 * noise.next()) * ($0 < count ? 5 : 1) }
      #expect(try Sample(times).warmUpCount == count)
    }
  }

  /// Of 600 series of each noise and length at most 1 % are cut, four standard errors above that being 16.
  @Test(arguments: [8, 12, 24, 64]) func noNoiseIsAWarmUp(count: Int) throws {
    var noise = NormalNoise(seed: UInt64(count))
    let shapes: [(String, (inout NormalNoise) -> Double)] = [
      ("normal", { 1 + 0.05 * $0.next() }), ("lognormal", { exp(0.5 * $0.next()) }),
      (
        "Student's t of 3",
        { noise in
          let square = (0..<3).reduce(0.0) { sum, _ in
            let deviate = noise.next()
            return sum + deviate * deviate
          }
          return 10 + noise.next() / (square / 3).squareRoot()
        }
      ),
      ("two modes", { ($0.unit() < 0.3 ? 1.5 : 1) * exp(0.02 * $0.next()) }),
      ("ties", { (4 * $0.unit()).rounded() + 1 }),
    ]
    for (name, value) in shapes {
      let cut = try (0..<600).count { _ in try Sample((0..<count).map { _ in value(&noise) }).warmUpCount > 0 }
      print("false warm-ups of \(count) runs, \(name): \(Double(cut) / 6) %")
      #expect(cut <= 16, "\(name)")
    }
  }

  /// Neighbours that share 0.9 of what they are count for a nineteenth; independent ones for what they are.
  @Test func neighboursThatAreAlikeCountForLess() throws {
    var noise = NormalNoise(seed: 4)
    var inflated = 0
    for _ in 0..<200 {
      var value = noise.next()
      let alike = (0..<60).map { _ in
        value = 0.9 * value + 0.19.squareRoot() * noise.next()
        return value
      }
      #expect(try Sample(alike).serialInflation > 2)
      if try Sample((0..<60).map { _ in noise.next() }).serialInflation > 1 { inflated += 1 }
    }
    // 5 % and four standard errors.
    #expect(inflated <= 22)
    #expect(try Sample([1, 1, 1, 1, 1]).serialInflation == 1)
  }

  /// All of one half below all of the other: 2 / C(8, 4) = 2/70, whichever order each half has.
  @Test(arguments: [[1.0, 2, 3, 4, 5, 6, 7, 8], [4, 3, 2, 1, 8, 7, 6, 5]])
  func halvesThatLieApartAreNoChance(_ values: [Double]) throws {
    let halves = try #require(Stationarity(try Sample(values)))
    #expect(abs(halves.probability - 2.0 / 70) < 1e-15)
    #expect(halves.halvesRatio == 6.5 / 2.5)
  }

  @Test func theMiddleOfAnOddCountBelongsToNeitherHalf() throws {
    #expect(try Stationarity(Sample([1, 2, 3, 100, 4, 5, 6]))?.halvesRatio == 2.5)
    #expect(try Stationarity(Sample([2, 2, 2, 2]))?.probability == 1)
    #expect(try Stationarity(Sample([2])) == nil)
  }
}
