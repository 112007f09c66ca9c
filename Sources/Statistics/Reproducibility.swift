import Glibc

/// How far a figure is from what the same machine gives over many hours (reproducibility, ISO 5725), beside how well one sitting
/// knows it (repeatability).
package enum Reproducibility {
  /// Sittings besides this one below which their spread says nothing.
  package static let leastEarlier = 3

  /// The interval from this figure and those of earlier sittings, each the mean of its time: Student's of the spread of their
  /// logarithms, never less than what this sitting knows of itself. Sittings count alike, because what hours differ by is more
  /// than what sittings know. A method of moments that splits the two variances lost: of four sittings it finds no spread between
  /// them in a third of the cases in which there is one. Nil with fewer than three earlier ones.
  package static func interval(
    of figure: Estimate, earlier: [Double], level: Double = 0.95
  ) -> Interval? {
    guard earlier.count >= leastEarlier, figure.value > 0, earlier.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      return nil
    }
    let logs = (earlier + [figure.value]).map { log($0) }
    guard let between = Moments(logs).variance else { return nil }
    let quantile = StudentT(degreesOfFreedom: Double(logs.count - 1)).quantile((1 + level) / 2)
    let own = figure.interval.map { log($0.high / figure.value) } ?? 0
    let factor = exp(max(quantile * between.squareRoot(), own))
    return Interval(low: figure.value / factor, high: figure.value * factor, level: level)
  }

  /// The interval from windows that lie far apart: another time as long would differ by as much again as these leave in doubt.
  package static func interval(ofSpreadWindows figure: Estimate) -> Interval? {
    guard let own = figure.interval, figure.value > 0, own.high > 0 else { return nil }
    let factor = exp(2.0.squareRoot() * log(own.high / figure.value))
    return Interval(low: figure.value / factor, high: figure.value * factor, level: own.level)
  }
}
