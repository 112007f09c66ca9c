import Foundation
import Statistics
import Testing

@Suite struct RepeatedLooksTests {
  /// SciPy 1.17's normal distribution: the boundary of 5 % is 2.2414, at a quarter of the information 4.4828.
  @Test func followsTheBoundary() {
    #expect(abs(RepeatedLooks.level(at: 1, alpha: 0.05) - 0.025) < 1e-12)
    #expect(abs(RepeatedLooks.level(at: 0.5, alpha: 0.05) - 0.0015253227579890005) < 1e-12)
    #expect(abs(RepeatedLooks.probability(0.001, at: 0.5) - 0.03995674891520773) < 1e-12)
    #expect(RepeatedLooks.probability(0.9, at: 0.3) == 1)
    for information in [0.01, 0.3, 1] {
      let level = RepeatedLooks.level(at: information, alpha: 0.05)
      #expect(abs(RepeatedLooks.probability(level, at: information) - 0.05) < 1e-9)
    }
  }

  /// Looked at after each of 60 pairs, a thing differs from itself in at most 5 % of 2000 cases (standard error 0.5 %), where
  /// tests that know nothing of the other looks find a difference in every fourth.
  @Test func lookingOftenCostsNoTrust() throws {
    var noise = NormalNoise(seed: 11)
    var (found, naive) = (0, 0)
    for _ in 0..<2000 {
      var differences: [Double] = []
      var (isFound, isNaive) = (false, false)
      for pair in 1...60 {
        differences.append(noise.next())
        let probability = SignedRank(try Sample(differences)).probability
        isNaive = isNaive || probability < 0.05
        isFound = isFound || RepeatedLooks.probability(probability, at: Double(pair) / 60) < 0.05
      }
      found += isFound ? 1 : 0
      naive += isNaive ? 1 : 0
    }
    #expect(found <= 100 + 30 && found > 40, "\(found)")
    #expect(naive > 400, "\(naive)")
  }
}
