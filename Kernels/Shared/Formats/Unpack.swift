import CIntrinsics
import KernelContract

// A group of packed rows as a dense panel, the form that the matrix tiles read. Paid once for all tokens of a batch.

/// Panel of Floats, [column][16 rows].
enum FloatPanel {
  @inline(always)
  static func unpack<F: FloatFormat>(
    _: F.Type, _ group: UnsafeRawPointer, _ layout: PackedLayout, _ panel: UnsafeMutablePointer<Float>
  ) {
    for pair in 0..<layout.depth / 2 {
      let (even, odd) = F.columns(group, pair * 2)
      panel.store(even, pair * 32)
      panel.store(odd, pair * 32 + 16)
    }
  }

  @inline(always)
  static func unpack<F: QuantFormat>(
    _: F.Type, _ group: UnsafeRawPointer, _ layout: PackedLayout, _ panel: UnsafeMutablePointer<Float>
  ) {
    for block in 0..<layout.depth / 32 {
      for half in 0..<32 / F.span {
        let (scale, base) = affine(F.self, group, layout, block, half)
        for step in 0..<F.span / 4 {
          let t = half * (F.span / 4) + step
          let quad = F.quad(group, layout, block, t)
          for byte in 0..<4 {
            panel.store(base.adding(product: scale, quant(quad, byte)), (block * 32 + t * 4 + byte) * 16)
          }
        }
      }
    }
  }
}

/// Panel of bfloat16 pairs, [column pair][16 rows][2]: a row of an AMX weight tile.
enum BFloat16Panel {
  @inline(always)
  static func unpack<F: FloatFormat>(
    _: F.Type, _ group: UnsafeRawPointer, _ layout: PackedLayout, _ panel: UnsafeMutableRawPointer
  ) {
    for pair in 0..<layout.depth / 2 {
      let (even, odd) = F.columns(group, pair * 2)
      panel.storeBytes(of: bfloat16Pair(even, odd), toByteOffset: pair * 64, as: WordLanes.self)
    }
  }

  @inline(always)
  static func unpack<F: QuantFormat>(
    _: F.Type, _ group: UnsafeRawPointer, _ layout: PackedLayout, _ panel: UnsafeMutableRawPointer
  ) {
    for block in 0..<layout.depth / 32 {
      for half in 0..<32 / F.span {
        let (scale, base) = affine(F.self, group, layout, block, half)
        for step in 0..<F.span / 4 {
          let t = half * (F.span / 4) + step
          let quad = F.quad(group, layout, block, t)
          for pair in 0..<2 {
            let even = base.adding(product: scale, quant(quad, pair * 2))
            let odd = base.adding(product: scale, quant(quad, pair * 2 + 1))
            panel.storeBytes(
              of: bfloat16Pair(even, odd), toByteOffset: (block * 16 + t * 2 + pair) * 64, as: WordLanes.self)
          }
        }
      }
    }
  }
}

/// weight = scale · quant + base
@inline(always)
private func affine<F: QuantFormat>(
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
