import Glibc

/// What a reference that was measured in the same windows says of a figure: how much of the figure's wandering it foretells, and
/// where it foretells enough, the figure at the reference's middle (a control variate; Glasserman, Monte Carlo Methods in Financial
/// Engineering, 4.1, with the slope estimated).
///
/// It is no figure of what was paid: it compares times of different conditions, and is biased by what the reference does to the
/// windows that the work does not share.
package struct ControlVariate: Sendable {
  /// By what share deviations of windows left out fall when the reference foretells them.
  package let cut: Double
  /// The figure where the reference is at its middle; nil where it is not applied.
  package let adjusted: Estimate?

  /// Held-out deviations must fall by this share, or the reference is noise of its own.
  package static let leastCut = 0.4

  package var isApplied: Bool { adjusted != nil }

  /// Figures and references, both positive, a pair for each window. Nil with fewer than six, or where either never changes.
  package init?(_ figures: [Double], reference: [Double]) {
    precondition(figures.count == reference.count, "a reference for each figure")
    guard figures.count >= 6, figures.allSatisfy({ $0 > 0 && $0.isFinite }),
      reference.allSatisfy({ $0 > 0 && $0.isFinite })
    else { return nil }
    let y = figures.map { log($0) }
    let x = reference.map { log($0) }
    var (with, without) = (0.0, 0.0)
    for index in y.indices {
      let others = y.indices.filter { $0 != index }
      guard let line = Line(others.map { x[$0] }, others.map { y[$0] }) else { return nil }
      with += pow(y[index] - line.value(at: x[index]), 2)
      without += pow(y[index] - line.meanY, 2)
    }
    guard without > 0, let line = Line(x, y), let middle = try? Sample(x).median else { return nil }
    cut = 1 - (with / without).squareRoot()
    guard cut >= Self.leastCut else {
      adjusted = nil
      return
    }
    let count = Double(y.count)
    let residuals = zip(x, y).reduce(0) { $0 + pow($1.1 - line.value(at: $1.0), 2) } / (count - 2)
    let deviation = (residuals * (1 / count + pow(middle - line.meanX, 2) / line.squares)).squareRoot()
    let reach = StudentT(degreesOfFreedom: count - 2).quantile(0.975) * deviation
    let value = exp(line.value(at: middle))
    adjusted = Estimate(
      value, Interval(low: value * exp(-reach), high: value * exp(reach), level: 0.95), method: .controlVariate)
  }

  private struct Line {
    let meanX: Double
    let meanY: Double
    let squares: Double
    let slope: Double

    init?(_ x: [Double], _ y: [Double]) {
      let (meanX, meanY) = (Moments(x).mean, Moments(y).mean)
      squares = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
      guard squares > 0 else { return nil }
      slope = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) } / squares
      (self.meanX, self.meanY) = (meanX, meanY)
    }

    func value(at x: Double) -> Double { meanY + slope * (x - meanX) }
  }
}

extension Estimate.Method {
  package static let controlVariate = Self(
    rawValue: "geometric mean of windows at the middle of the reference beside them, Student's t")
}
