import CIntrinsics
import KernelContract

// MARK: - How quants are read

/// Four bits a quant.
protocol FourBits: QuantFormat {}

extension FourBits {
  static var largest: Int { 15 }
  @inline(always)
  static func quad(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ t: Int) -> WordLanes {
    nibbles(group, block, t)
  }
}

/// Four bits index a table of sixteen signed bytes.
protocol FourBitIndex: QuantFormat {}

extension FourBitIndex {
  static var offset: Int32 { 128 }
  static var largest: Int { 255 }
  @inline(always)
  static func quad(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ t: Int) -> WordLanes {
    lookup_iq4_nl(nibbles(group, block, t))
  }
}

/// Four bits, and the fifth in a plane of its own.
protocol FiveBits: QuantFormat {}

extension FiveBits {
  static var largest: Int { 31 }
  @inline(always)
  static func quad(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ t: Int) -> WordLanes {
    nibbles(group, block, t) | (bits(group + layout.highOffset, block, t) &<< 4)
  }
}

// MARK: - How scales are read

/// A half for 32 columns.
protocol OneScale: QuantFormat {}

extension OneScale {
  @inline(always)
  static func scales(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ half: Int) -> Scales {
    Scales(scale: load_f16(group + layout.scaleOffset + block * 32), minimum: .zero)
  }
}

/// A half and a minimum for 32 columns.
protocol ScaleAndMinimum: QuantFormat {}

extension ScaleAndMinimum {
  static var hasMinimum: Bool { true }
  @inline(always)
  static func scales(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ half: Int) -> Scales {
    let p = group + layout.scaleOffset + block * 64
    return Scales(scale: load_f16(p), minimum: load_f16(p + 32))
  }
}

/// A signed byte for each span, times a half for 256 columns.
protocol TwoLevels: QuantFormat {}

extension TwoLevels {
  @inline(always)
  static func scales(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ half: Int) -> Scales {
    let small = group + layout.scaleOffset + block * (512 / span) + half * 16
    let large = group + layout.superOffset + (block >> 3) * 32
    return Scales(scale: load_f16(large) * load_i8(small), minimum: .zero)
  }
}

/// K formats: a byte of scale and one of minimum for 32 columns, each times a half for 256.
protocol TwoLevelsAndMinimum: QuantFormat {}

extension TwoLevelsAndMinimum {
  static var hasMinimum: Bool { true }
  @inline(always)
  static func scales(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ half: Int) -> Scales {
    let small = group + layout.scaleOffset + block * 32
    let large = group + layout.superOffset + (block >> 3) * 64
    return Scales(scale: load_f16(large) * load_u8(small), minimum: -(load_f16(large + 32) * load_u8(small + 16)))
  }
}

// MARK: - The formats

enum Q4_0: FourBits, OneScale {
  static let format = WeightFormat.q4_0
  static let offset: Int32 = 8
}

enum Q4_1: FourBits, ScaleAndMinimum {
  static let format = WeightFormat.q4_1
}

enum Q5_0: FiveBits, OneScale {
  static let format = WeightFormat.q5_0
  static let offset: Int32 = 16
}

enum Q5_1: FiveBits, ScaleAndMinimum {
  static let format = WeightFormat.q5_1
}

enum Q8_0: OneScale {
  static let format = WeightFormat.q8_0
  static let offset: Int32 = 128
  static let largest = 255
  @inline(always)
  static func quad(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ t: Int) -> WordLanes {
    group.words(block * 512 + t * 64)
  }
}

enum IQ4_NL: FourBitIndex, OneScale {
  static let format = WeightFormat.iq4_nl
}

enum IQ4_XS: FourBitIndex, TwoLevels {
  static let format = WeightFormat.iq4_xs
}

/// E2M1 values, doubled to be whole, times a power of two, halved and kept as bfloat16.
enum MXFP4: QuantFormat {
  static let format = WeightFormat.mxfp4
  static let largest = 24
  static let offset: Int32 = 12
  @inline(always)
  static func quad(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ t: Int) -> WordLanes {
    lookup_mxfp4(nibbles(group, block, t))
  }
  @inline(always)
  static func scales(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ half: Int) -> Scales {
    Scales(scale: load_bf16(group + layout.scaleOffset + block * 32), minimum: .zero)
  }
}

enum Q2_K: QuantFormat {
  static let format = WeightFormat.q2_K
  static let largest = 3
  static let span = 16
  static let hasMinimum = true
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

enum Q3_K: TwoLevels {
  static let format = WeightFormat.q3_K
  static let span = 16
  static let largest = 7
  static let offset: Int32 = 4
  @inline(always)
  static func quad(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ t: Int) -> WordLanes {
    crumbs(group, block, t) | (bits(group + layout.highOffset, block, t) &<< 2)
  }
}

enum Q4_K: FourBits, TwoLevelsAndMinimum {
  static let format = WeightFormat.q4_K
}

enum Q5_K: FiveBits, TwoLevelsAndMinimum {
  static let format = WeightFormat.q5_K
}

enum Q6_K: TwoLevels {
  static let format = WeightFormat.q6_K
  static let span = 16
  static let largest = 63
  static let offset: Int32 = 32
  @inline(always)
  static func quad(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ t: Int) -> WordLanes {
    nibbles(group, block, t) | (crumbs(group + layout.highOffset, block, t) &<< 4)
  }
}
