import Foundation
import Statistics
import Testing

@Suite struct ReproducibilityTests {
  private func figure(_ value: Double, factor: Double) -> Estimate {
    Estimate(value, Interval(low: value / factor, high: value * factor, level: 0.95), method: .exact)
  }

  /// Sittings of 1, 1, e^0.2 and now e^0.2: logarithms 0 0 0.2 0.2, variance 0.04/3. Student's 97.5 % of three degrees of freedom
  /// is 3.182446: a factor of exp(3.182446 · 0.115470).
  @Test func byHand() throws {
    let now = figure(exp(0.2), factor: 1.01)
    let interval = try #require(Reproducibility.interval(of: now, earlier: [1, 1, exp(0.2)]))
    let factor = exp(3.182446305284263 * (0.04 / 3).squareRoot())
    #expect(abs(interval.high / exp(0.2) / factor - 1) < 1e-9 && abs(interval.low * factor / exp(0.2) - 1) < 1e-9)
    #expect(Reproducibility.interval(of: now, earlier: [1, 1]) == nil)
    #expect(Reproducibility.interval(of: now, earlier: [1, 1, 0]) == nil)
  }

  /// Sittings that agree to the last digit do not make one sure beyond what the sitting itself knows.
  @Test func neverSurerThanOneSitting() throws {
    let interval = try #require(Reproducibility.interval(of: figure(2, factor: 1.1), earlier: [2, 2, 2]))
    #expect(abs(interval.high - 2.2) < 1e-12)
  }

  /// Windows of an hour leave ± 10 % of its mean in doubt, so that another hour is √2 times as far.
  @Test func anotherHourDiffersByBoth() throws {
    let interval = try #require(Reproducibility.interval(ofSpreadWindows: figure(1, factor: 1.1)))
    #expect(abs(log(interval.high) - 2.0.squareRoot() * log(1.1)) < 1e-12)
  }

  /// Sittings of a minute on a machine that is a quarter slower for a third of the time, in states of minutes to hours, and drifts:
  /// the mean of all its hours lies within nine of ten intervals, and within far fewer of repeatability.
  @Test(arguments: [3, 5, 9]) func holdsTheMeanOfAllHours(earlier: Int) {
    var random = SplitMix64(seed: 21)
    func sitting() -> (mean: Double, known: Double) {
      let slow = random.unit() < 1.0 / 3 ? 1 - 0.5 * random.unit() : 0.5 * random.unit() * random.unit()
      let own = 0.02
      return (exp(0.22 * slow + 0.03 * Normal.quantile(random.unit()) + own / 2 * Normal.quantile(random.unit())), own)
    }
    let truth = exp((0..<100_000).reduce(0) { sum, _ in sum + log(sitting().mean) } / 100_000)
    var (held, repeated) = (0, 0)
    for _ in 0..<2000 {
      let now = sitting()
      let figure = figure(now.mean, factor: exp(now.known))
      let interval = Reproducibility.interval(of: figure, earlier: (0..<earlier).map { _ in sitting().mean })
      if interval?.contains(truth) == true { held += 1 }
      if figure.interval?.contains(truth) == true { repeated += 1 }
    }
    #expect(held >= 1800, "\(held) of 2000 hold, of repeatability \(repeated)")
    #expect(repeated < 1000)
  }
}
