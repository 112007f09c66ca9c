import KernelContract

/// What the blocks of each GGUF format mean, one weight at a time, straight from the definition of the format in ggml-common.h.
/// The oracle for packing and for every matrix kernel, and the reader of single rows (embeddings).
package enum BlockFormats {
  /// Weight `index` of a row. The row holds whole blocks.
  package static func weight(_ format: WeightFormat, row: UnsafeRawPointer, index: Int) -> Float {
    let block = row + index / format.blockLength * format.blockBytes
    let i = index % format.blockLength
    func byte(_ offset: Int) -> Int { Int(block.load(fromByteOffset: offset, as: UInt8.self)) }
    func signed(_ offset: Int) -> Int { Int(block.load(fromByteOffset: offset, as: Int8.self)) }
    func half(_ offset: Int) -> Float { halfToFloat(block.loadUnaligned(fromByteOffset: offset, as: UInt16.self)) }
    /// Nibble i of sixteen bytes: the low ones first, then the high ones.
    func nibble(_ offset: Int) -> Int { i < 16 ? byte(offset + i) & 15 : byte(offset + i - 16) >> 4 }
    func bit(_ offset: Int) -> Int { byte(offset + i / 8) >> (i % 8) & 1 }

    switch format {
    case .f32: return block.loadUnaligned(as: Float.self)
    case .f16: return half(0)
    case .bf16: return Float(bitPattern: UInt32(block.loadUnaligned(as: UInt16.self)) << 16)
    case .q8_0: return half(0) * Float(signed(2 + i))
    case .q4_0: return half(0) * Float(nibble(2) - 8)
    case .q4_1: return half(0) * Float(nibble(4)) + half(2)
    case .q5_0: return half(0) * Float((nibble(6) | bit(2) << 4) - 16)
    case .q5_1: return half(0) * Float(nibble(8) | bit(4) << 4) + half(2)
    case .iq4_nl: return half(0) * Float(iq4Values[nibble(2)])
    case .mxfp4: return powerOfTwo(byte(0) - 127) * Float(e2m1Values[nibble(1)]) / 2
    case .q2_K:
      // 128-half h, 32-run s of it; four 2-bit fields a byte, one for each run.
      let (h, s, l) = (i / 128, i / 32 % 4, i % 32)
      let scales = byte(i / 16)
      let q = byte(16 + 32 * h + l) >> (2 * s) & 3
      return half(80) * Float(scales & 15) * Float(q) - half(82) * Float(scales >> 4)
    case .q3_K:
      let (h, s, l) = (i / 128, i / 32 % 4, i % 32)
      let q = (byte(32 + 32 * h + l) >> (2 * s) & 3) - (byte(l) >> (i / 32) & 1 == 1 ? 0 : 4)
      let j = i / 16
      let low = j < 8 ? byte(96 + j) & 15 : byte(96 + j - 8) >> 4
      let scale = (low | (byte(104 + j % 4) >> (2 * (j / 4)) & 3) << 4) - 32
      return half(108) * Float(scale) * Float(q)
    case .q4_K:
      let (scale, minimum) = sixBitPair(block + 4, i / 32)
      let q = byte(16 + 32 * (i / 64) + i % 32) >> (i / 32 % 2 * 4) & 15
      return half(0) * Float(scale) * Float(q) - half(2) * Float(minimum)
    case .q5_K:
      let (scale, minimum) = sixBitPair(block + 4, i / 32)
      let q = (byte(48 + 32 * (i / 64) + i % 32) >> (i / 32 % 2 * 4) & 15) | (byte(16 + i % 32) >> (i / 32) & 1) << 4
      return half(0) * Float(scale) * Float(q) - half(2) * Float(minimum)
    case .q6_K:
      let (h, s, l) = (i / 128, i / 32 % 4, i % 32)
      let low = byte(64 * h + 32 * (s % 2) + l) >> (s / 2 * 4) & 15
      let q = (low | (byte(128 + 32 * h + l) >> (2 * s) & 3) << 4) - 32
      return half(208) * Float(signed(192 + i / 16)) * Float(q)
    case .iq4_xs:
      let (b, l) = (i / 32, i % 32)
      let scale = (byte(4 + b / 2) >> (b % 2 * 4) & 15) | (byte(2 + b / 4) >> (b % 4 * 2) & 3) << 4
      let q = byte(8 + 16 * b + l % 16) >> (l / 16 * 4) & 15
      return half(0) * Float(scale - 32) * Float(iq4Values[q])
    }
  }

  /// The first `count` weights of a row as Floats.
  package static func row(
    _ format: WeightFormat, _ row: UnsafeRawPointer, count: Int, into output: UnsafeMutablePointer<Float>
  ) {
    for i in 0..<count { output[i] = weight(format, row: row, index: i) }
  }

  private static let iq4Values: InlineArray<16, Int> =
    [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113]
  /// Twice the values of E2M1.
  private static let e2m1Values: InlineArray<16, Int> = [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12]

  /// Scale and minimum j of the twelve bytes of Q4_K and Q5_K, six bits each.
  private static func sixBitPair(_ s: UnsafeRawPointer, _ j: Int) -> (Int, Int) {
    func byte(_ i: Int) -> Int { Int(s.load(fromByteOffset: i, as: UInt8.self)) }
    if j < 4 { return (byte(j) & 63, byte(j + 4) & 63) }
    return ((byte(j + 4) & 15) | (byte(j - 4) >> 6) << 4, (byte(j + 4) >> 4) | (byte(j) >> 6) << 4)
  }

  private static func powerOfTwo(_ exponent: Int) -> Float { Float(sign: .plus, exponent: exponent, significand: 1) }

  /// IEEE binary16, subnormals, infinities and NaN included.
  package static func halfToFloat(_ h: UInt16) -> Float {
    let (exponent, fraction) = (Int(h >> 10 & 31), Float(h & 1023))
    let magnitude: Float =
      switch exponent {
      case 0: fraction * 0x1p-24
      case 31: fraction == 0 ? .infinity : .nan
      default: (1 + fraction * 0x1p-10) * powerOfTwo(exponent - 15)
      }
    return h >> 15 == 1 ? -magnitude : magnitude
  }
}
