import Foundation
import Statistics
import Testing

@Suite struct DistributionTests {
  /// Inverting a tail to its last bit leaves the rounding of the tail itself, some units in the last place, magnified by
  /// p / (x · density) where the quantile is steep; 2^-40 is far above that and far below the 10^-6 that is promised.
  private func agrees(_ a: Double, _ b: Double) -> Bool { (a - b).magnitude <= b.magnitude * 0x1p-40 }

  /// Tables: NIST/SEMATECH e-Handbook 1.3.6.7.1, with further digits from the defining integral.
  @Test(arguments: [
    (0.5, 0), (0.75, 0.674489750196082), (0.975, 1.959963984540054), (0.995, 2.575829303548901),
    (0.001, -3.090232306167814),
  ])
  func normalQuantile(probability: Double, expected: Double) {
    #expect(agrees(Normal.quantile(probability), expected))
  }

  @Test func farNormalTailsKeepTheirDigits() {
    #expect(agrees(Normal.upperTail(-Normal.quantile(1e-30)), 1e-30))
  }

  /// One degree of freedom is Cauchy's, tan(π(p − ½)); with two the quantile is (2p − 1)√(2 / (4p(1 − p))).
  @Test(arguments: [0.51, 0.6, 0.75, 0.9, 0.975, 0.9995])
  func studentMatchesItsClosedForms(probability: Double) {
    #expect(agrees(StudentT(degreesOfFreedom: 1).quantile(probability), tan(.pi * (probability - 0.5))))
    let two = (2 * probability - 1) * (2 / (4 * probability * (1 - probability))).squareRoot()
    #expect(agrees(StudentT(degreesOfFreedom: 2).quantile(probability), two))
    #expect(agrees(StudentT(degreesOfFreedom: 2).quantile(1 - probability), -two))
  }

  /// The printed table to its three decimals (NIST/SEMATECH e-Handbook 1.3.6.7.2), 97.5 %.
  @Test(arguments: [(3, 3.182), (4, 2.776), (5, 2.571), (10, 2.228), (30, 2.042), (100, 1.984)])
  func studentMatchesTheTable(degrees: Double, expected: Double) {
    #expect((StudentT(degreesOfFreedom: degrees).quantile(0.975) - expected).magnitude <= 0.0005)
  }

  /// Cornish and Fisher: t = z + (z³ + z)/(4ν) + (5z⁵ + 16z³ + 3z)/(96ν²) + O(ν⁻³), with ν = 10⁶.
  @Test func studentApproachesTheNormal() {
    let z = Normal.quantile(0.975)
    let degrees = 1e6
    let expected =
      z + (pow(z, 3) + z) / (4 * degrees) + (5 * pow(z, 5) + 16 * pow(z, 3) + 3 * z) / (96 * degrees * degrees)
    // log Γ(5 · 10⁵) is about 6 · 10⁶, so the tail is good to 10⁷ ulp of 1.
    #expect((StudentT(degreesOfFreedom: degrees).quantile(0.975) - expected).magnitude <= 1e7 * Double.ulpOfOne)
  }

  /// n = 4, p = 1/4: (81 108 54 12 1) / 256.
  @Test func binomialTailsBySum() {
    let binomial = Binomial(trials: 4, probability: 0.25)
    let atMost = [81.0, 189, 243, 255, 256].map { $0 / 256 }
    for successes in 0...4 {
      #expect(agrees(binomial.atMost(successes), atMost[successes]))
      #expect(agrees(binomial.atLeast(successes), successes == 0 ? 1 : 1 - atMost[successes - 1]))
    }
    #expect(binomial.atMost(-1) == 0 && binomial.atLeast(5) == 0)
  }
}
