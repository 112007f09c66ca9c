/// The SplitMix64 generator (Steele, Lea and Flood, OOPSLA 2014): a counter and a mixing function, so that a seed gives
/// the same stream on every machine and toolchain.
package struct SplitMix64: Sendable {
  private var counter: UInt64

  package init(seed: UInt64) { counter = seed }

  package mutating func next() -> UInt64 {
    counter &+= 0x9E37_79B9_7F4A_7C15
    var z = counter
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A whole number in 0..<bound, by the high half of a product: its bias, bound / 2^64, is far below what any sample
  /// can show.
  package mutating func index(below bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A number strictly between 0 and 1: the middle of one of 2^52 equal cells.
  package mutating func unit() -> Double { (Double(next() >> 12) + 0.5) * 0x1p-52 }
}
