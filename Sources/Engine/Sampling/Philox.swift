/// Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011): 128 random bits that
/// depend on nothing but a counter and a key.
package enum Philox {
  package static func bits(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var counter = counter
    var key = key
    for _ in 0..<10 {
      let first = UInt64(counter.x) * 0xD251_1F53
      let second = UInt64(counter.z) * 0xCD9E_8D57
      counter = SIMD4(
        UInt32(truncatingIfNeeded: second >> 32) ^ counter.y ^ key.x, UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ counter.w ^ key.y, UInt32(truncatingIfNeeded: first))
      key &+= SIMD2(0x9E37_79B9, 0xBB67_AE85)
    }
    return counter
  }

  /// Uniform in (0, 1), never an end of it: the middles of 2⁵² equal parts.
  package static func uniform(seed: UInt64, step: UInt64, attempt: UInt32 = 0) -> Double {
    let bits = bits(counter: SIMD4(step.low, step.high, attempt, 0), key: SIMD2(seed.low, seed.high))
    return (Double((UInt64(bits.y) << 32 | UInt64(bits.x)) >> 12) + 0.5) * 0x1p-52
  }
}

extension UInt64 {
  fileprivate var low: UInt32 { UInt32(truncatingIfNeeded: self) }
  fileprivate var high: UInt32 { UInt32(truncatingIfNeeded: self >> 32) }
}
