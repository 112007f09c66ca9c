import Statistics
import Testing

@Suite struct ClustersTests {
  /// {1, 3} and {5, 7}: the median 4 has both of the first below it and none of the second: shares 1 and 0. The variance of
  /// their mean is 1/2 / 2 = 1/4, of four independent observations 1/4 / 4 = 1/16.
  @Test func theDesignEffectComparesVariances() throws {
    let clusters = try #require(Clusters([try Sample([1, 3]), try Sample([5, 7])]))
    #expect(clusters.designEffect(at: 0.5) == 4)
    // Halves that are spread alike: each has one below and one above.
    let even = try #require(Clusters([try Sample([1, 7]), try Sample([3, 5])]))
    #expect(even.designEffect(at: 0.5) == 0)
  }

  @Test func medianIsThatOfTheClusters() throws {
    // Medians 2, 20, 30; the long first cluster counts as one.
    let clusters = try #require(Clusters([try Sample([1, 2, 2, 2, 3]), try Sample([20]), try Sample([30])]))
    #expect(clusters.medianEstimate()?.value == 20)
    #expect(clusters.medianEstimate()?.interval == nil)
  }

  /// The same formulas with SciPy's t and beta distributions and NumPy's quantiles.
  @Test(arguments: [
    (0.5, 1.6727272727272726, 0.60203171456888, 0.5418222119296986, 0.6594716955546787),
    (0.9, 4.121212121212122, 1.0037760158572846, 0.9323651428206121, 1.0708221957886097),
  ])
  func agreesWithSciPy(probability: Double, effect: Double, value: Double, low: Double, high: Double) throws {
    let clusters = try (0..<12).map { cluster in
      let values = (0..<50).map { step -> Double in
        let scattered = (cluster * 50 + step) * 7919 % 1009
        return Double(scattered) / 1009 + 0.1 * Double(cluster % 3)
      }
      return try Sample(values)
    }
    let sample = try #require(Clusters(clusters))
    let estimate = sample.quantileEstimate(probability)
    let interval = try #require(estimate.interval)
    #expect(abs(try #require(sample.designEffect(at: probability)) - effect) < 1e-9)
    #expect(abs(estimate.value - value) < 1e-9)
    #expect(abs(interval.low - low) < 1e-9)
    #expect(abs(interval.high - high) < 1e-9)
  }

  @Test func saysWhenItCannotKnow() throws {
    let one = try #require(Clusters([try Sample([1, 2, 3])]))
    #expect(one.quantileEstimate(0.5).interval == nil && one.designEffect(at: 0.5) == nil)
    let few = try #require(Clusters([try Sample([1, 2, 3]), try Sample([2, 3, 4])]))
    #expect(few.quantileEstimate(0.99).warnings.map(\.code) == ["few-contributors"])
    #expect(Clusters([]) == nil)
  }
}
