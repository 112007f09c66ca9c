import Glibc
import Statistics

/// What rows of one server say of its parameters, beside what the fleet says of servers like it.
struct ServerPosterior {
  var parameters: [Double]
  var covariance: [[Double]]
  /// What each row is off, after offsets of its class: ln measured − ln law.
  var residuals: [Double]

  /// Maximum a posteriori by damped Gauss–Newton steps; residuals are Student's with four degrees of freedom, those that are slow
  /// counting a quarter less.
  init(
    _ rows: [FleetServer.Row], cache: Double, mean: [Double], precision: [[Double]], scales: [Double], offsets: [Double]
  ) {
    let size = mean.count
    var theta = mean
    func residuals(_ theta: [Double]) -> [Double] {
      zip(rows, offsets).map { $0.logSeconds - FleetLaw.logSeconds($0, cache: cache, theta) - $1 }
    }
    func weight(_ residual: Double, _ scale: Double) -> Double {
      let s = residual > 0 ? scale * 1.25 : scale
      return 5 / (4 + residual * residual / (s * s)) / (s * s)
    }
    func loss(_ theta: [Double], _ found: [Double]) -> Double {
      let apart = zip(theta, mean).map(-)
      let prior = dot(apart, precision.map { dot($0, apart) }) / 2
      return zip(found, scales).reduce(prior) { sum, pair in
        let s = pair.0 > 0 ? pair.1 * 1.25 : pair.1
        return sum + 2.5 * log(1 + pair.0 * pair.0 / (4 * s * s))
      }
    }
    var found = residuals(theta)
    var held = loss(theta, found)
    var hessian = precision
    for _ in 0..<12 {
      hessian = precision
      let apart = zip(theta, mean).map(-)
      var gradient = precision.map { -dot($0, apart) }
      for (index, row) in rows.enumerated() {
        let slope = FleetLaw.gradient(row, cache: cache, theta)
        let w = weight(found[index], scales[index])
        for i in 0..<size where slope[i] != 0 {
          gradient[i] += w * slope[i] * found[index]
          for j in 0..<size { hessian[i][j] += w * slope[i] * slope[j] }
        }
      }
      let step = solve(cholesky: cholesky(hessian), gradient)
      var damping = 1.0
      var isBetter = false
      for _ in 0..<6 {
        let next = zip(theta, step).map { $0 + damping * min(2, max(-2, $1)) }
        let off = residuals(next)
        let value = loss(next, off)
        if value < held {
          isBetter = held - value > 1e-6
          (theta, found, held) = (next, off, value)
          break
        }
        damping /= 3
      }
      if !isBetter { break }
    }
    parameters = theta
    covariance = inverse(hessian)
    self.residuals = found
  }
}
