/// SplitMix64 (Steele, Lea, Flood 2014): the one source of randomness in tests, so that a failing seed can be repeated.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// Uniform in [-1, 1).
  package mutating func symmetricFloat() -> Float { Float(Int64(bitPattern: next()) >> 40) * 0x1p-23 }
}
