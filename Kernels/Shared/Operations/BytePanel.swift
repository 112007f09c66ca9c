import CIntrinsics
import KernelContract

/// Panel of bytes for the tiles of `MatmulInt8`, one span of columns after the other: quads, [quad][group], then of each group the
/// scales and what is added for a sum of activations. Where bytes are multiplied in pairs, those above 127 would overflow 16
/// bits and are cut into a plane of their low and one of their high nibbles.
enum BytePanel {
  @inline(always)
  static func planes<F: QuantFormat>(_: F.Type) -> Int { has_dot4() == 0 && F.largest > 127 ? 2 : 1 }

  /// Pairs that fit 16 bits.
  @inline(always)
  static func chain<F: QuantFormat>(_: F.Type) -> Int { F.largest > 127 ? 8 : F.chain }

  @inline(always)
  static func spanBytes<F: QuantFormat>(_: F.Type, groups: Int) -> Int {
    (planes(F.self) * F.span / 4 + 2) * groups * 64
  }

  /// The group that is number `index` of the panel's `groups`.
  @inline(always)
  static func unpack<F: QuantFormat>(
    _: F.Type, _ group: UnsafeRawPointer, _ layout: PackedLayout, _ blocks: Range<Int>,
    _ panel: UnsafeMutableRawPointer,
    _ index: Int, of groups: Int
  ) {
    let nibble = WordLanes(repeating: 0x0f0f_0f0f)
    var target = panel + index * 64
    for block in blocks {
      for half in 0..<32 / F.span {
        for step in 0..<F.span / 4 {
          let quad = F.quad(group, layout, block, half * (F.span / 4) + step)
          if planes(F.self) == 1 {
            target.storeBytes(of: quad, as: WordLanes.self)
          } else {
            target.storeBytes(of: quad & nibble, as: WordLanes.self)
            (target + F.span / 4 * groups * 64).storeBytes(of: (quad &>> 4) & nibble, as: WordLanes.self)
          }
          target += groups * 64
        }
        target += (planes(F.self) - 1) * F.span / 4 * groups * 64
        let (scale, base) = affine(F.self, group, layout, block, half)
        target.storeBytes(of: scale, as: FloatLanes.self)
        target.storeBytes(of: base, toByteOffset: groups * 64, as: FloatLanes.self)
        target += 2 * groups * 64
      }
    }
  }
}
