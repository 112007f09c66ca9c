import CIntrinsics
import KernelContract

// A group of packed rows as a dense panel, the form that the matrix tiles read. Paid once for all tokens of a batch.

/// Panel of Floats, [column][16 rows].
enum FloatPanel {
  @inline(always)
  static func unpack<F: FloatFormat>(
    _: F.Type, _ group: UnsafeRawPointer, _ layout: PackedLayout, _ blocks: Range<Int>,
    _ panel: UnsafeMutablePointer<Float>
  ) {
    for pair in 0..<blocks.count * 16 {
      let (even, odd) = F.columns(group, blocks.lowerBound * 32 + pair * 2)
      panel.store(even, pair * 32)
      panel.store(odd, pair * 32 + 16)
    }
  }

  @inline(always)
  static func unpack<F: QuantFormat>(
    _: F.Type, _ group: UnsafeRawPointer, _ layout: PackedLayout, _ blocks: Range<Int>,
    _ panel: UnsafeMutablePointer<Float>
  ) {
    var target = panel
    for block in blocks {
      for half in 0..<32 / F.span {
        let (scale, base) = affine(F.self, group, layout, block, half)
        for step in 0..<F.span / 4 {
          let quad = F.quad(group, layout, block, half * (F.span / 4) + step)
          for byte in 0..<4 { target.store(base.adding(product: scale, quant(quad, byte)), byte * 16) }
          target += 64
        }
      }
    }
  }
}

/// Panel of bfloat16 pairs, [column pair][16 rows][2]: a row of an AMX weight tile.
enum BFloat16Panel {
  @inline(always)
  static func unpack<F: FloatFormat>(
    _: F.Type, _ group: UnsafeRawPointer, _ layout: PackedLayout, _ blocks: Range<Int>,
    _ panel: UnsafeMutableRawPointer
  ) {
    for pair in 0..<blocks.count * 16 {
      let (even, odd) = F.columns(group, blocks.lowerBound * 32 + pair * 2)
      panel.storeBytes(of: bfloat16Pair(even, odd), toByteOffset: pair * 64, as: WordLanes.self)
    }
  }

  /// Cutting a Float off to bfloat16 loses 0 to 1 units, half on average: 1/256 to 1/512 of the value, as its mantissa is small
  /// or large. Enlarged by a third of 1/128 · ½, values are cut off to within two thirds of a unit, without bias, and the
  /// rounding costs nothing, for it goes into the scales.
  private static let cutCompensation: Float = 1 + 1 / 384

  @inline(always)
  static func unpack<F: QuantFormat>(
    _: F.Type, _ group: UnsafeRawPointer, _ layout: PackedLayout, _ blocks: Range<Int>,
    _ panel: UnsafeMutableRawPointer
  ) {
    // The compiler, knowing the mask, would make one permutation of words, thrice as slow, of the shift and the masking.
    let upper = WordLanes(lanes: opaque(FloatLanes(lanes: WordLanes(repeating: 0xffff_0000))))
    var target = panel
    for block in blocks {
      prefetchBlock(F.self, group + 2 * layout.groupBytes, layout, block)
      for half in 0..<32 / F.span {
        var (scale, base) = affine(F.self, group, layout, block, half)
        scale *= FloatLanes(repeating: cutCompensation)
        base *= FloatLanes(repeating: cutCompensation)
        let lowBase = base.adding(product: scale, FloatLanes(repeating: -F.biases.low))
        let highBase = base.adding(product: scale, FloatLanes(repeating: -F.biases.high))
        for step in 0..<F.span / 8 {
          let eight = F.eight(group, layout, block, half * (F.span / 8) + step)
          for pair in 0..<4 {
            let bias = pair < 2 ? lowBase : highBase
            let even = WordLanes(lanes: bias.adding(product: scale, eight[pair * 2]))
            let odd = WordLanes(lanes: bias.adding(product: scale, eight[pair * 2 + 1]))
            target.storeBytes(
              of: (even &>> 16) | (odd & upper), toByteOffset: pair * 64, as: WordLanes.self)
          }
          target += 256
        }
      }
    }
  }
}

// Small integers become Floats without a conversion where their bits are put behind the exponent of a power of two: what is read
// is that power plus the integer, and the power goes into the base. Its rounding is far below that to bfloat16.

extension QuantFormat {
  /// What `eight` adds to its first four and its last four quants.
  static var biases: (low: Float, high: Float) { (256, 256) }

  /// Columns 8u … 8u+7 of a block with their biases.
  @inline(always)
  static func eight(
    _ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ u: Int
  ) -> InlineArray<8, FloatLanes> {
    let a = quad(group, layout, block, u * 2)
    let b = quad(group, layout, block, u * 2 + 1)
    return [
      behind256(a &<< 15), behind256(a &<< 7), behind256(a &>> 1), behind256(a &>> 9),
      behind256(b &<< 15), behind256(b &<< 7), behind256(b &>> 1), behind256(b &>> 9),
    ]
  }

  /// Bits 15 … 22, eight below the exponent.
  @inline(always) private static func behind256(_ v: WordLanes) -> FloatLanes {
    FloatLanes(lanes: (v & WordLanes(repeating: 0x007f_8000)) | WordLanes(repeating: 0x4380_0000))
  }
}

extension FourBits {
  static var biases: (low: Float, high: Float) { (128, 2048) }

  @inline(always)
  static func eight(
    _ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ u: Int
  ) -> InlineArray<8, FloatLanes> {
    let v = group.words(block * 256 + u * 64)
    return [
      behind128(v &<< 16), behind128(v &<< 8), behind128(v), behind128(v &>> 8),
      behind2048(v &<< 8), behind2048(v), behind2048(v &>> 8), behind2048(v &>> 16),
    ]
  }

  /// Bits 16 … 19 of a mantissa whose bit 16 is worth 1.
  @inline(always) private static func behind128(_ v: WordLanes) -> FloatLanes {
    FloatLanes(lanes: (v & WordLanes(repeating: 0x000f_0000)) | WordLanes(repeating: 0x4300_0000))
  }

  /// Bits 12 … 15 of a mantissa whose bit 12 is worth 1.
  @inline(always) private static func behind2048(_ v: WordLanes) -> FloatLanes {
    FloatLanes(lanes: (v & WordLanes(repeating: 0x0000_f000)) | WordLanes(repeating: 0x4500_0000))
  }
}

/// weight = scale · quant + base
@inline(always)
func affine<F: QuantFormat>(
  _: F.Type, _ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ half: Int
) -> (scale: FloatLanes, base: FloatLanes) {
  let scales = F.scales(group, layout, block, half)
  return (scales.scale, F.hasMinimum ? scales.minimum : scales.scale * FloatLanes(repeating: -Float(F.offset)))
}

/// Byte `byte` of each lane as a Float.
@inline(always) func quant(_ quad: WordLanes, _ byte: Int) -> FloatLanes {
  let shifted = byte == 0 ? quad : quad &>> UInt32(byte * 8)
  let masked = byte == 3 ? shifted : shifted & WordLanes(repeating: 0xff)
  return to_float(unsafeBitCast(masked, to: IntLanes.self))
}
