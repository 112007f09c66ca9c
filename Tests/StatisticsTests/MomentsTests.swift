import Statistics
import Testing

@Suite struct MomentsTests {
  /// Mean 10, deviations −6 −3 3 6, squares 36 + 9 + 9 + 36 = 90, variance 90 / 3 = 30. Every intermediate of the update
  /// is a multiple of 1/2 below 2^53, so the offset of 10^9 must not cost a digit; Σx² − (Σx)²/n loses all of them.
  @Test(arguments: [0, 1e9]) func varianceSurvivesAnOffset(offset: Double) {
    let moments = Moments([4, 7, 13, 16].map { $0 + offset })
    #expect(moments.mean == offset + 10)
    #expect(moments.variance == 30)
  }

  @Test func oneValueHasNoVariance() {
    #expect(Moments([3]).mean == 3)
    #expect(Moments([3]).variance == nil)
  }

  /// The deviation of 2, 4, 4, 4, 5, 5, 7, 9 from 5: 9 + 1 + 1 + 1 + 0 + 0 + 4 + 16 = 32; 32 / 7.
  @Test func standardDeviationIsTheRootOfTheVariance() throws {
    let sample = try Sample([2, 4, 4, 4, 5, 5, 7, 9])
    #expect(sample.mean == 5)
    let variance = try #require(sample.variance)
    #expect((variance - 32.0 / 7).magnitude <= 8 * variance.ulp)
    #expect(sample.standardDeviation == variance.squareRoot())
  }
}
