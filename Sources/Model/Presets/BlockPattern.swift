import Glibc
import KernelContract

/// Which bits of a block are random and what the others are, so that its weights have mean near 0 and the standard
/// deviation asked for. Field order as in ggml-common.h; the constants are root mean squares of the uniform integers
/// that a format multiplies with its scale.
struct BlockPattern {
  private(set) var mask: [UInt8] = []
  private(set) var fixed: [UInt8] = []

  /// F32 between 1 and 1.25: norm weights.
  static var nearOne: BlockPattern {
    var pattern = BlockPattern()
    pattern.add(mask: 0x001F_FFFF as UInt32, fixed: Float(1).bitPattern)
    return pattern
  }

  private init() {}

  init(format: WeightFormat, deviation: Double) {
    switch format {
    case .f32: addFloat(UInt32.self, deviation, mantissaBits: 23, bias: 127)
    case .bf16: addFloat(UInt16.self, deviation, mantissaBits: 7, bias: 127)
    case .f16: addFloat(UInt16.self, deviation, mantissaBits: 10, bias: 15)
    case .q8_0:
      addScale(deviation / 73.9)
      add(count: 32, mask: 0xFE, fixed: 0x01)  // odd, since no quantiser makes -128
    case .q4_0:
      addScale(deviation / 4.64)
      addRandom(16)
    case .q4_1:
      addScale(deviation / 4.61)
      addScale(deviation / 4.61 * -7.5)
      addRandom(16)
    case .q5_0:
      addScale(deviation / 9.25)
      addRandom(4 + 16)
    case .q5_1:
      addScale(deviation / 9.23)
      addScale(deviation / 9.23 * -15.5)
      addRandom(4 + 16)
    case .iq4_nl:
      addScale(deviation / 67.4)
      addRandom(16)
    case .iq4_xs:
      addScale(deviation / 171.9)
      add(mask: 0 as UInt16, fixed: 0xAAAA)
      add(count: 4, mask: 0x11, fixed: 0x22)  // scales 2 and 3
      addRandom(128)
    case .mxfp4:
      add(mask: 0 as UInt8, fixed: UInt8(127 + log2(deviation / 2.93).rounded()))
      addRandom(16)
    case .q2_K:
      add(count: 16, mask: 0x77, fixed: 0x88)  // scale and minimum 8…15
      addRandom(64)
      addScale(deviation / 13.98)
      addScale(deviation / 13.98 * 1.5)
    case .q3_K:
      addRandom(32 + 64 + 12)
      addScale(deviation / 43.3)
    case .q4_K:
      addScale(deviation / 243.6)
      addScale(deviation / 243.6 * 7.5)
      add(count: 8, mask: 0x5F, fixed: 0xA0)  // scales and minima 32…63
      addRandom(4 + 128)
    case .q5_K:
      addScale(deviation / 243.1)
      addScale(deviation / 243.1 * 15.5)
      add(count: 8, mask: 0x0F, fixed: 0x50)  // scales and minima 16…31
      addRandom(4 + 32 + 128)
    case .q6_K:
      addRandom(128 + 64)
      add(count: 16, mask: 0x07, fixed: 0x08)  // scales 8…15
      addScale(deviation / 216.7)
    }
  }

  private mutating func add<T: FixedWidthInteger>(mask: T, fixed: T) {
    for byte in 0..<MemoryLayout<T>.size {
      self.mask.append(UInt8(truncatingIfNeeded: mask >> T(8 * byte)))
      self.fixed.append(UInt8(truncatingIfNeeded: fixed >> T(8 * byte)))
    }
  }

  private mutating func add(count: Int, mask: UInt8, fixed: UInt8) {
    for _ in 0..<count { add(mask: mask, fixed: fixed) }
  }

  private mutating func addRandom(_ count: Int) { add(count: count, mask: 0xFF, fixed: 0) }

  /// A float16 within 6 % of `value`, never subnormal.
  private mutating func addScale(_ value: Double) {
    let magnitude = max(abs(value), 0x1p-14)
    let half = Float16(value < 0 ? -magnitude : magnitude).bitPattern
    add(mask: 0x003F as UInt16, fixed: half & 0xFFC0)
  }

  /// Random sign and mantissa, one exponent: uniform in ±[1, 2)·2ᵉ, root mean square √(7/3)·2ᵉ.
  private mutating func addFloat<T: FixedWidthInteger & UnsignedInteger>(
    _ type: T.Type, _ deviation: Double, mantissaBits: Int, bias: Int
  ) {
    let exponent = T(bias + Int(log2(deviation / 1.53).rounded()))
    let sign = T(1) << T(T.bitWidth - 1)
    add(mask: sign | (T(1) << T(mantissaBits) - 1), fixed: exponent << T(mantissaBits))
  }
}
