import KernelContract
import TestSupport

/// A matrix of random blocks whose half-precision scales lie within ±`largestScale`, as a GGUF file would hold it.
struct RandomMatrix {
  static let largestScale: Float = 0.0625
  let format: WeightFormat
  let rows: Int
  let columns: Int
  let rowBytes: Int
  let bytes: [UInt8]

  init(_ format: WeightFormat, rows: Int, columns: Int, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    self.format = format
    self.rows = rows
    self.columns = columns
    rowBytes = format.bytes(of: columns)
    var bytes = (0..<rows * rowBytes).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    func put(_ pattern: UInt32, _ count: Int, at offset: Int) {
      for i in 0..<count { bytes[offset + i] = UInt8(truncatingIfNeeded: pattern >> UInt32(8 * i)) }
    }
    /// binary16 patterns with exponents from subnormal up to that of 2⁻⁵, so below 2⁻⁴.
    func halfPattern() -> UInt32 {
      UInt32(truncatingIfNeeded: generator.next()) & 0x83ff | UInt32(generator.next() % 11) << 10
    }
    let halves: [Int] =
      switch format {
      case .q8_0, .q4_0, .q5_0, .iq4_nl, .iq4_xs: [0]
      case .q4_1, .q5_1, .q4_K, .q5_K: [0, 2]
      case .q2_K: [80, 82]
      case .q3_K: [108]
      case .q6_K: [208]
      case .f32, .f16, .bf16, .mxfp4: []
      }
    for block in 0..<bytes.count / format.blockBytes {
      let start = block * format.blockBytes
      for offset in halves { put(halfPattern(), 2, at: start + offset) }
      switch format {
      case .mxfp4: bytes[start] = UInt8(118 + generator.next() % 6)  // up to 2⁻⁴
      case .f32: put(generator.symmetricFloat().bitPattern, 4, at: start)
      case .bf16: put(generator.symmetricFloat().bitPattern >> 16, 2, at: start)
      case .f16: put(halfPattern(), 2, at: start)
      default: break
      }
    }
    self.bytes = bytes
  }

  /// Largest magnitude that a weight, or a part that it is summed from (scale·quant, scale·offset, minimum), can have.
  var largestPart: Double {
    let scale = Double(Self.largestScale)
    return switch format {
    case .f32, .bf16: 1
    case .f16: scale
    case .q8_0, .iq4_nl: scale * 255
    case .iq4_xs: scale * 32 * 255
    case .q4_0, .q5_0, .q4_1, .q5_1: scale * 32
    case .mxfp4: scale * 24
    case .q2_K, .q4_K, .q5_K: scale * 63 * 32
    case .q3_K: scale * 32 * 8
    case .q6_K: scale * 128 * 64
    }
  }
}
