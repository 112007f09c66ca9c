import Records
import Statistics

/// How a quantity is shown: its symbol, and the scales among which its size chooses.
package struct Unit: Sendable {
  package struct Scale: Sendable {
    package var factor: Double
    package var symbol: String
  }

  var scales: [Scale]

  package static let seconds = Unit(scales: [
    .init(factor: 1, symbol: "s"), .init(factor: 1e-3, symbol: "ms"),
    .init(factor: 1e-6, symbol: "µs"), .init(factor: 1e-9, symbol: "ns"),
  ])
  package static let joules = Unit(scales: [
    .init(factor: 1e3, symbol: "kJ"), .init(factor: 1, symbol: "J"), .init(factor: 1e-3, symbol: "mJ"),
    .init(factor: 1e-6, symbol: "µJ"),
  ])
  /// Of an operation, a byte, a second of a thread: fourteen orders of magnitude.
  package static let energyCoefficient = Unit(scales: [
    .init(factor: 1, symbol: "J"), .init(factor: 1e-3, symbol: "mJ"), .init(factor: 1e-12, symbol: "pJ"),
  ])
  package static let bytes = decimal("B")
  package static let count = decimal("")
  package static let byteRate = decimal("B/s")
  package static let flopRate = decimal("FLOP/s")
  package static let operationRate = decimal("OP/s")
  package static let parameters = Unit(scales: [
    .init(factor: 1e9, symbol: "billion"), .init(factor: 1e6, symbol: "million"),
    .init(factor: 1, symbol: ""),
  ])
  package static let share = Unit(scales: [.init(factor: 0.01, symbol: "%")])

  private static func decimal(_ symbol: String) -> Unit {
    Unit(
      scales: [(1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1, "")].map {
        Scale(factor: $0.0, symbol: $0.1 + symbol)
      })
  }

  /// The largest scale in which the value is at least 1, else the smallest there is.
  package func scale(for value: Double) -> Scale {
    let fitting = scales.first { value.magnitude >= $0.factor * 0.9995 }
    return fitting ?? scales.last ?? Scale(factor: 1, symbol: "")
  }

  /// A value known exactly, or whose uncertainty is not known: three digits.
  package func text(_ value: Double, digits: Int = 3) -> String {
    guard value.isFinite else { return "unknown" }
    let scale = scale(for: value)
    return with(scale.symbol, (value / scale.factor).significant(digits))
  }

  /// A figure with as many digits as its interval supports: `12.3 ± 0.4 ms`, or `12.3 [11.9, 13.8] ms` where the
  /// interval is lopsided.
  package func text(_ estimate: Estimate) -> String {
    guard estimate.value.isFinite else { return "unknown" }
    let scale = scale(for: estimate.value)
    return with(scale.symbol, Self.bare(estimate, factor: scale.factor))
  }

  package static func dollars(_ value: Double) -> String { "$" + value.significant(3) }
  package static func dollars(_ estimate: Estimate) -> String { "$" + bare(estimate) }

  /// The figure without its unit, for a column whose title has the unit.
  package static func bare(_ estimate: Estimate, factor: Double = 1) -> String {
    let value = estimate.value / factor
    guard value.isFinite else { return "unknown" }
    guard let interval = estimate.interval else { return value.significant(3) }
    let (low, high) = (interval.low / factor, interval.high / factor)
    guard low.isFinite, high.isFinite else { return "\(value.significant(3)) (unbounded)" }
    if low == high { return value.significant(4) }
    let (below, above) = (value - low, high - value)
    let half = max(below, above)
    let isLopsided = min(below, above) < half / 1.5
    let decimals = (isLopsided ? (high - low) / 2 : half).decimalsOfDoubt
    if isLopsided {
      return "\(value.rounded(decimals)) [\(low.rounded(decimals)), \(high.rounded(decimals))]"
    }
    return "\(value.rounded(decimals)) ± \(half.rounded(decimals))"
  }

  private func with(_ symbol: String, _ number: String) -> String { symbol.isEmpty ? number : "\(number) \(symbol)" }
}

extension Double {
  /// So many significant digits, written without an exponent.
  package func significant(_ digits: Int) -> String {
    guard isFinite else { return "unknown" }
    let (leading, exponent) = scientific
    // 9.996 to three digits is 10.0: the carry has taken one decimal's place.
    let carries = Double(leading.fixed(digits - 1)).map { $0 >= 10 } ?? false
    return rounded(digits - 1 - exponent - (carries ? 1 : 0))
  }

  /// Rounded to so many decimals; a negative count rounds to tens, hundreds and so on.
  func rounded(_ decimals: Int) -> String {
    if decimals >= 0 { return fixed(Swift.min(decimals, 12)) }
    var power = 1.0
    for _ in 0..<Swift.min(-decimals, 300) { power *= 10 }
    return ((self / power).rounded() * power).fixed(0)
  }

  /// Decimals that a half-width supports: one digit of doubt, two where that digit would be a 1 (a step of up to half).
  fileprivate var decimalsOfDoubt: Int {
    guard self > 0, isFinite else { return 3 }
    let (leading, exponent) = scientific
    return leading < 1.95 ? 1 - exponent : -exponent
  }

  /// Magnitude and exponent to base ten, the magnitude in 1 ..< 10; zero is zero.
  private var scientific: (leading: Double, exponent: Int) {
    guard self != 0, isFinite else { return (0, 0) }
    var (leading, exponent) = (magnitude, 0)
    while leading >= 10 { (leading, exponent) = (leading / 10, exponent + 1) }
    while leading < 1 { (leading, exponent) = (leading * 10, exponent - 1) }
    return (leading, exponent)
  }
}
