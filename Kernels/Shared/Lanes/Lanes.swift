import CIntrinsics

/// Sixteen rows, positions or elements at once. The compiler splits a vector that the instruction set cannot hold whole.
typealias FloatLanes = SIMD16<Float>
typealias WordLanes = SIMD16<UInt32>
typealias IntLanes = SIMD16<Int32>

extension UnsafeRawPointer {
  @inline(always) func floats(_ byteOffset: Int = 0) -> FloatLanes {
    loadUnaligned(fromByteOffset: byteOffset, as: FloatLanes.self)
  }
  @inline(always) func words(_ byteOffset: Int = 0) -> WordLanes {
    loadUnaligned(fromByteOffset: byteOffset, as: WordLanes.self)
  }
}

extension UnsafePointer<Float> {
  @inline(always) func lanes(_ index: Int) -> FloatLanes { UnsafeRawPointer(self + index).floats() }
}

extension UnsafeMutablePointer<Float> {
  @inline(always) func lanes(_ index: Int) -> FloatLanes { UnsafeRawPointer(self + index).floats() }
  @inline(always) func store(_ value: FloatLanes, _ index: Int) {
    UnsafeMutableRawPointer(self + index).storeBytes(of: value, as: FloatLanes.self)
  }
}

// `pointwiseMax` of the standard library becomes a scalar loop, as `max()` and `sum()` do (`sum_lanes`, `largest_lane`).

@inline(always) func maximum(_ a: FloatLanes, _ b: FloatLanes) -> FloatLanes { larger_lanes(a, b) }
@inline(always) func minimum(_ a: FloatLanes, _ b: FloatLanes) -> FloatLanes { a.replacing(with: b, where: b .< a) }
@inline(always) func magnitude(_ a: FloatLanes) -> FloatLanes {
  FloatLanes(lanes: WordLanes(lanes: a) & WordLanes(repeating: 0x7fff_ffff))
}

extension FloatLanes {
  @inline(always) init(lanes bits: WordLanes) { self = unsafeBitCast(bits, to: FloatLanes.self) }
}
extension WordLanes {
  @inline(always) init(lanes value: FloatLanes) { self = unsafeBitCast(value, to: WordLanes.self) }
}

/// The nearest integers of |x| < 2²², halves to even: adding 1.5·2²³ leaves them in the low bits.
@inline(always) func nearestIntegers(_ x: FloatLanes) -> IntLanes {
  let shifted = x + FloatLanes(repeating: 12_582_912)
  return unsafeBitCast(shifted, to: IntLanes.self) &- IntLanes(repeating: 0x4B40_0000)
}

/// The upper halves of Floats as bfloat16, to nearest even, in the low 16 bits of each lane. Finite input.
@inline(always) func bfloat16Bits(_ x: FloatLanes) -> WordLanes {
  let bits = WordLanes(lanes: x)
  let odd = (bits &>> 16) & WordLanes(repeating: 1)
  return (bits &+ odd &+ WordLanes(repeating: 0x7fff)) &>> 16
}

/// Two columns as pairs of bfloat16. Rounded half up rather than to even: one add less, and a tie is one in 65,536.
@inline(always) func bfloat16Pair(_ even: FloatLanes, _ odd: FloatLanes) -> WordLanes {
  let half = WordLanes(repeating: 0x8000)
  return upper_halves(WordLanes(lanes: even) &+ half, WordLanes(lanes: odd) &+ half)
}
