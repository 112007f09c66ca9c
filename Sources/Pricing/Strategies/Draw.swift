import CostCurves
import Glibc
import Statistics

/// One way that all may be that is not known exactly: a number for each quantity with bounds, and coefficients for each curve.
/// Strategies are compared within a draw, so that what is common to them cancels.
struct Draw: Sendable {
  /// Values by the paths of quantities; those that are missing are at their value.
  var values: [String: Double] = [:]
  /// Coefficients by the names of records; nil for those of the fit.
  var curves: [String: CurvesDraw] = [:]

  func callAsFunction(_ quantity: Quantity) -> Double {
    quantity.isExact ? quantity.value : values[quantity.path] ?? quantity.value
  }
}

/// The curves of one record as they may be.
struct CurvesDraw: Sendable {
  var prefill: [Double]
  var decode: [Double]
  var batch: [Double]
  var sampling: Double
  var startUp: Double
  /// What the families miss at a place, in shares of their figure: standard normal numbers to be scaled.
  var misfit: [Double] = [0, 0]
  /// As it goes beyond what was measured.
  var beyond = 0.0
  /// The watts of both phases, in shares of their figure.
  var watts: [Double] = [1, 1]

  /// The fit itself.
  init(_ curves: TokenCurves) {
    prefill = curves.prefill.coefficients
    decode = curves.decode.coefficients
    batch = curves.batch?.coefficients ?? []
    sampling = curves.sampling?.value ?? 0
    startUp = curves.startUp?.value ?? 0
  }

  /// A fit moved by what its units say of its uncertainty: the deviations of the jackknife, each times a standard normal number
  /// that the curves share where they share the unit, all over the root of a chi-square share, which makes them Student's.
  init(_ measured: MeasuredCosts, _ random: inout NormalNumbers) {
    self.init(measured.curves)
    let curves = measured.curves
    var shared: [Int: Double] = [:]
    var scales: [Int: Double] = [:]
    func scale(_ freedom: Int) -> Double {
      if let known = scales[freedom] { return known }
      let squares = (0..<freedom).reduce(0.0) { sum, _ in
        let z = random.next()
        return sum + z * z
      }
      let scale = (Double(freedom) / squares).squareRoot()
      scales[freedom] = scale
      return scale
    }
    func unit(_ number: Int) -> Double {
      if let known = shared[number] { return known }
      let z = random.next()
      shared[number] = z
      return z
    }
    func moved(_ curve: Curve) -> [Double] {
      let count = Double(curve.replicates.count)
      guard count > 1 else { return curve.movedByCovariance(scale: scale) { random.next() } }
      let factor = scale(curve.replicates.count - 1) * ((count - 1) / count).squareRoot()
      return curve.coefficients.indices.map { index in
        let mean = curve.replicates.reduce(0) { $0 + $1[index] } / count
        return zip(curve.units, curve.replicates).reduce(curve.coefficients[index]) {
          $0 + factor * unit($1.0) * ($1.1[index] - mean)
        }
      }
    }
    func moved(_ estimate: Estimate?) -> Double {
      guard let estimate else { return 0 }
      if let replicates = estimate.replicates, replicates.values.count > 1 {
        let count = Double(replicates.values.count)
        let factor = scale(replicates.values.count - 1) * ((count - 1) / count).squareRoot()
        let mean = replicates.values.reduce(0, +) / count
        return zip(replicates.units, replicates.values).reduce(estimate.value) {
          $0 + factor * unit($1.0) * ($1.1 - mean)
        }
      }
      return max(0, estimate.value + random.next() * (estimate.interval?.halfWidth ?? 0) / 1.96)
    }
    prefill = moved(curves.prefill)
    decode = moved(curves.decode)
    batch = curves.batch.map(moved) ?? []
    sampling = moved(curves.sampling)
    startUp = moved(curves.startUp)
    misfit = [random.next(), random.next()]
    beyond = random.next()
    watts = [measured.energy?.prefillWatts, measured.energy?.decodeWatts].map { watts in
      guard let watts, let interval = watts.interval, interval.low > 0 else { return 1 }
      // What an energy model does not know is common to all that it says.
      let z = unit(-1)
      return z < 0
        ? pow(interval.low / watts.value, -z / 1.96) : pow(interval.high / watts.value, z / 1.96)
    }
  }
}

extension Curve {
  /// By the square root of the covariance, where no unit tells.
  fileprivate func movedByCovariance(scale: (Int) -> Double, _ next: () -> Double) -> [Double] {
    guard let covariance, degreesOfFreedom > 0 else { return coefficients }
    let factor = scale(degreesOfFreedom)
    var root = covariance.map { $0.map { _ in 0.0 } }
    for row in root.indices {
      for column in 0...row {
        let sum = (0..<column).reduce(covariance[row][column]) { $0 - root[row][$1] * root[column][$1] }
        root[row][column] =
          row == column ? max(0, sum).squareRoot() : root[column][column] > 0 ? sum / root[column][column] : 0
      }
    }
    let numbers = coefficients.map { _ in next() }
    return coefficients.indices.map { row in
      coefficients[row] + factor * (0...row).reduce(0) { $0 + root[row][$1] * numbers[$1] }
    }
  }
}

/// Standard normal numbers of a seed, in pairs (Box and Muller, 1958).
struct NormalNumbers {
  private var generator: SplitMix64
  private var spare: Double?

  init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  mutating func next() -> Double {
    if let spare {
      self.spare = nil
      return spare
    }
    let radius = (-2 * log(generator.unit())).squareRoot()
    let angle = 2 * Double.pi * generator.unit()
    spare = radius * sin(angle)
    return radius * cos(angle)
  }

  mutating func unit() -> Double { generator.unit() }
}
