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
  /// Joules of an operation, of a byte or of a second of a thread, which span fourteen orders of magnitude.
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

  /// One scale for a column: that of its middle value.
  package func scale(forAll values: [Double]) -> Scale {
    let ordered = values.sorted()
    let middle = ordered.count / 2
    guard let upper = ordered.dropFirst(middle).first else { return scale(for: 1) }
    return scale(for: ordered.count.isMultiple(of: 2) ? (ordered[middle - 1] + upper) / 2 : upper)
  }

  /// A value known exactly, or whose uncertainty is not known: three digits.
  package func text(_ value: Double, digits: Int = 3) -> String {
    guard value.isFinite else { return "unknown" }
    let scale = scale(for: value)
    return with(scale.symbol, (value / scale.factor).significant(digits))
  }

  package static func dollars(_ value: Double) -> String { "$" + value.significant(3) }

  package func with(_ symbol: String, _ number: String) -> String { symbol.isEmpty ? number : "\(number) \(symbol)" }
}
