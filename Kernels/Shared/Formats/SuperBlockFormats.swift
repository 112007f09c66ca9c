import CIntrinsics
import KernelContract

// The K formats: small integer scales for 16 or 32 columns, times half-precision ones for 256.

/// Unsigned 8-bit scale and minimum for 32 columns, both times their super-scales.
@inline(always)
private func twoLevelWithMinimum(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int) -> Scales {
  let small = group + layout.scaleOffset + block * 32
  let large = group + layout.superOffset + (block >> 3) * 64
  return Scales(scale: load_f16(large) * load_u8(small), minimum: -(load_f16(large + 32) * load_u8(small + 16)))
}

/// Signed 8-bit scale for 16 columns, times its super-scale.
@inline(always)
private func twoLevel(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ half: Int) -> Scales {
  let small = group + layout.scaleOffset + block * 32 + half * 16
  let large = group + layout.superOffset + (block >> 3) * 32
  return Scales(scale: load_f16(large) * load_i8(small), minimum: .zero)
}

enum Q2_K: QuantFormat {
  static let format = WeightFormat.q2_K
  static let span = 16
  static let offset: Int32 = 0
  static let hasMinimum = true
  static let isWide = false
  @inline(always)
  static func quad(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ t: Int) -> WordLanes {
    crumbs(group, block, t)
  }
  /// Scale in the low nibble, minimum in the high one.
  @inline(always)
  static func scales(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ half: Int) -> Scales {
    let both = load_u8(group + layout.scaleOffset + block * 32 + half * 16)
    let high = to_float(nearestIntegers((both - 7.5) * 0.0625))
    let large = group + layout.superOffset + (block >> 3) * 64
    return Scales(scale: load_f16(large) * (both - high * 16), minimum: -(load_f16(large + 32) * high))
  }
}

enum Q3_K: QuantFormat {
  static let format = WeightFormat.q3_K
  static let span = 16
  static let offset: Int32 = 4
  static let hasMinimum = false
  static let isWide = false
  @inline(always)
  static func quad(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ t: Int) -> WordLanes {
    crumbs(group, block, t) | (bits(group + layout.highOffset, block, t) &<< 2)
  }
  @inline(always)
  static func scales(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ half: Int) -> Scales {
    twoLevel(group, layout, block, half)
  }
}

enum Q4_K: QuantFormat {
  static let format = WeightFormat.q4_K
  static let span = 32
  static let offset: Int32 = 0
  static let hasMinimum = true
  static let isWide = false
  @inline(always)
  static func quad(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ t: Int) -> WordLanes {
    nibbles(group, block, t)
  }
  @inline(always)
  static func scales(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ half: Int) -> Scales {
    twoLevelWithMinimum(group, layout, block)
  }
}

enum Q5_K: QuantFormat {
  static let format = WeightFormat.q5_K
  static let span = 32
  static let offset: Int32 = 0
  static let hasMinimum = true
  static let isWide = false
  @inline(always)
  static func quad(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ t: Int) -> WordLanes {
    nibbles(group, block, t) | (bits(group + layout.highOffset, block, t) &<< 4)
  }
  @inline(always)
  static func scales(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ half: Int) -> Scales {
    twoLevelWithMinimum(group, layout, block)
  }
}

enum Q6_K: QuantFormat {
  static let format = WeightFormat.q6_K
  static let span = 16
  static let offset: Int32 = 32
  static let hasMinimum = false
  static let isWide = false
  @inline(always)
  static func quad(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ t: Int) -> WordLanes {
    nibbles(group, block, t) | (crumbs(group + layout.highOffset, block, t) &<< 4)
  }
  @inline(always)
  static func scales(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ half: Int) -> Scales {
    twoLevel(group, layout, block, half)
  }
}
