import KernelContract

/// Reads quants and small scales out of GGUF blocks. Source: the block structures of ggml-common.h, restated in
/// `Kernels/Reference/BlockFormats.swift`, which is written apart from this file and tested against it.
enum BlockReader {
  /// The 32 quants of block-of-32 number `block` of a row, as the unsigned numbers that the packed planes hold.
  @inline(__always)
  static func quants(_ format: WeightFormat, _ row: UnsafeRawPointer, _ block: Int, _ q: UnsafeMutablePointer<UInt8>) {
    let p = (row + block * 32 / format.blockLength * format.blockBytes).assumingMemoryBound(to: UInt8.self)
    let (half, s) = ((block & 7) / 4, block & 3)  // of a block of 256: 128-half, and 32 within it
    switch format {
    case .q8_0:
      for i in 0..<32 { q[i] = p[2 + i] ^ 0x80 }
    case .q4_0, .iq4_nl: nibbles(p + 2, q)
    case .q4_1: nibbles(p + 4, q)
    case .mxfp4: nibbles(p + 1, q)
    case .iq4_xs: nibbles(p + 8 + 16 * (block & 7), q)
    case .q5_0:
      nibbles(p + 6, q)
      fifthBits(UnsafeRawPointer(p + 2), q)
    case .q5_1:
      nibbles(p + 8, q)
      fifthBits(UnsafeRawPointer(p + 4), q)
    case .q2_K:
      for l in 0..<32 { q[l] = p[16 + 32 * half + l] >> (2 * s) & 3 }
    case .q3_K:
      for l in 0..<32 { q[l] = (p[32 + 32 * half + l] >> (2 * s) & 3) | (p[l] >> (4 * half + s) & 1) << 2 }
    case .q4_K:
      let b = block & 7
      for l in 0..<32 { q[l] = p[16 + 32 * (b / 2) + l] >> (4 * (b & 1)) & 15 }
    case .q5_K:
      let b = block & 7
      for l in 0..<32 { q[l] = (p[48 + 32 * (b / 2) + l] >> (4 * (b & 1)) & 15) | (p[16 + l] >> b & 1) << 4 }
    case .q6_K:
      for l in 0..<32 {
        let low = p[64 * half + 32 * (s & 1) + l] >> (4 * (s / 2)) & 15
        q[l] = low | (p[128 + 32 * half + l] >> (2 * s) & 3) << 4
      }
    case .f32, .f16, .bf16: break
    }
  }

  @inline(__always)
  private static func nibbles(_ p: UnsafePointer<UInt8>, _ q: UnsafeMutablePointer<UInt8>) {
    for i in 0..<16 {
      q[i] = p[i] & 15
      q[i + 16] = p[i] >> 4
    }
  }

  @inline(__always)
  private static func fifthBits(_ p: UnsafeRawPointer, _ q: UnsafeMutablePointer<UInt8>) {
    let bits = p.loadUnaligned(as: UInt32.self)
    for i in 0..<32 { q[i] |= UInt8(truncatingIfNeeded: (bits >> UInt32(i) & 1) << 4) }
  }

  /// The two bytes of small scales that belong to 32 columns: scale and minimum, the scales of two halves, or a scale and nothing.
  static func smallScales(_ format: WeightFormat, _ p: UnsafeRawPointer, _ b: Int) -> (UInt8, UInt8) {
    let p = p.assumingMemoryBound(to: UInt8.self)
    switch format {
    case .q2_K: return (p[2 * b], p[2 * b + 1])
    case .q6_K: return (p[192 + 2 * b], p[192 + 2 * b + 1])
    case .q3_K: return (sixBitScale(p + 96, 2 * b), sixBitScale(p + 96, 2 * b + 1))
    case .iq4_xs:
      let low = p[4 + b / 2] >> (4 * (b & 1)) & 15
      return ((low | (p[2 + b / 4] >> (2 * (b & 3)) & 3) << 4) &- 32, 0)
    default:
      let s = p + 4
      return b < 4
        ? (s[b] & 63, s[b + 4] & 63)
        : ((s[b + 4] & 15) | (s[b - 4] >> 6) << 4, (s[b + 4] >> 4) | (s[b] >> 6) << 4)
    }
  }

  /// Q3_K: four low bits in bytes 0…7, two high bits in bytes 8…11, biased by 32; returned as a signed byte's pattern.
  private static func sixBitScale(_ s: UnsafePointer<UInt8>, _ i: Int) -> UInt8 {
    let low = i < 8 ? s[i] & 15 : s[i - 8] >> 4
    return (low | (s[8 + i % 4] >> (2 * (i / 4)) & 3) << 4) &- 32
  }

  static func superScaleOffset(_ format: WeightFormat) -> Int {
    switch format {
    case .q2_K: 80
    case .q3_K: 108
    case .q6_K: 208
    default: 0
    }
  }

  /// 2^(e − 128) as bfloat16: half of E8M0's 2^(e − 127), because the table holds doubled values.
  static func halvedPowerOfTwo(_ e: UInt8) -> UInt16 { e < 2 ? 0x20 << UInt16(e) : UInt16(e - 1) << 7 }
}
