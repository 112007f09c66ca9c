/// A number with its unit in its type. Base units inside (seconds, joules, bytes, …); only Reporting scales.
package protocol Quantity: Codable, Comparable, Sendable, Hashable, ExpressibleByFloatLiteral,
  ExpressibleByIntegerLiteral
{
  var value: Double { get set }
  init(_ value: Double)
}

extension Quantity {
  package init(floatLiteral value: Double) { self.init(value) }
  package init(integerLiteral value: Int) { self.init(Double(value)) }
  package init(from decoder: any Decoder) throws { self.init(try decoder.singleValueContainer().decode(Double.self)) }
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }

  package static var zero: Self { Self(0.0) }
  // All four, because Comparable derives the others from `<`, which would let NaN pass `<=`.
  package static func < (a: Self, b: Self) -> Bool { a.value < b.value }
  package static func <= (a: Self, b: Self) -> Bool { a.value <= b.value }
  package static func > (a: Self, b: Self) -> Bool { a.value > b.value }
  package static func >= (a: Self, b: Self) -> Bool { a.value >= b.value }
  package static func + (a: Self, b: Self) -> Self { Self(a.value + b.value) }
  package static func - (a: Self, b: Self) -> Self { Self(a.value - b.value) }
  package static func * (a: Self, k: Double) -> Self { Self(a.value * k) }
  package static func / (a: Self, k: Double) -> Self { Self(a.value / k) }
  /// The ratio of two quantities of one unit is a pure number.
  package static func / (a: Self, b: Self) -> Double { a.value / b.value }
  package static func += (a: inout Self, b: Self) { a.value += b.value }
}

package struct Seconds: Quantity {
  package var value: Double
  package init(_ value: Double) { self.value = value }
}

package struct Joules: Quantity {
  package var value: Double
  package init(_ value: Double) { self.value = value }
}

/// A count of floating-point operations; one multiply-add is two.
package struct Flops: Quantity {
  package var value: Double
  package init(_ value: Double) { self.value = value }
}

package struct Bytes: Quantity {
  package var value: Double
  package init(_ value: Double) { self.value = value }
}

package struct Tokens: Quantity {
  package var value: Double
  package init(_ value: Double) { self.value = value }
}

/// Money in United States dollars.
package struct Dollars: Quantity {
  package var value: Double
  package init(_ value: Double) { self.value = value }
}
