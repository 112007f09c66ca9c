import Glibc
import Statistics

/// A positive quantity known between bounds: its median, and the quantiles at 2.5 and 97.5 %. Its logarithm is normal on
/// either side of the median, with a spread of its own on each.
package struct Spread: Codable, Equatable, Sendable {
  package var low: Double
  package var middle: Double
  package var high: Double

  package init(_ low: Double, _ middle: Double, _ high: Double) {
    precondition(0 < low && low <= middle && middle <= high, "a spread is positive and in order")
    self.low = low
    self.middle = middle
    self.high = high
  }

  /// A value that one source states without bounds.
  package static func single(_ value: Double) -> Spread { Spread(value / 1.5, value, value * 1.5) }

  /// The quantile whose standard normal deviate is z.
  package func value(at z: Double) -> Double {
    middle * pow(z < 0 ? middle / low : high / middle, z / Self.deviate)
  }

  /// As a standard deviation, where one is needed.
  package var standardDeviation: Double { (high - low) / (2 * Self.deviate) }

  /// The 97.5 % quantile of the standard normal distribution.
  static let deviate = 1.959_963_984_540_054
}

extension SplitMix64 {
  /// A standard normal deviate, by Box and Muller (Annals of Mathematical Statistics 29, 1958).
  mutating func normal() -> Double { (-2 * log(unit())).squareRoot() * cos(2 * .pi * unit()) }
}
