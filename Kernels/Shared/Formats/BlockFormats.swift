import CIntrinsics
import KernelContract

// Formats with one scale, and sometimes a minimum, for 32 columns.

@inline(always)
private func halfScale(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int) -> Scales {
  Scales(scale: load_f16(group + layout.scaleOffset + block * 32), minimum: .zero)
}

@inline(always)
private func halfScaleAndMinimum(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int) -> Scales {
  let p = group + layout.scaleOffset + block * 64
  return Scales(scale: load_f16(p), minimum: load_f16(p + 32))
}

enum Q8_0: QuantFormat {
  static let format = WeightFormat.q8_0
  static let span = 32
  static let offset: Int32 = 128
  static let hasMinimum = false
  static let isWide = true
  @inline(always)
  static func quad(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ t: Int) -> WordLanes {
    group.words(block * 512 + t * 64)
  }
  @inline(always)
  static func scales(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ half: Int) -> Scales {
    halfScale(group, layout, block)
  }
}

enum Q4_0: QuantFormat {
  static let format = WeightFormat.q4_0
  static let span = 32
  static let offset: Int32 = 8
  static let hasMinimum = false
  static let isWide = false
  @inline(always)
  static func quad(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ t: Int) -> WordLanes {
    nibbles(group, block, t)
  }
  @inline(always)
  static func scales(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ half: Int) -> Scales {
    halfScale(group, layout, block)
  }
}

enum Q4_1: QuantFormat {
  static let format = WeightFormat.q4_1
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
    halfScaleAndMinimum(group, layout, block)
  }
}

enum Q5_0: QuantFormat {
  static let format = WeightFormat.q5_0
  static let span = 32
  static let offset: Int32 = 16
  static let hasMinimum = false
  static let isWide = false
  @inline(always)
  static func quad(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ t: Int) -> WordLanes {
    nibbles(group, block, t) | (bits(group + layout.highOffset, block, t) &<< 4)
  }
  @inline(always)
  static func scales(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ half: Int) -> Scales {
    halfScale(group, layout, block)
  }
}

enum Q5_1: QuantFormat {
  static let format = WeightFormat.q5_1
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
    halfScaleAndMinimum(group, layout, block)
  }
}

/// Four bits index a table of sixteen signed bytes.
enum IQ4_NL: QuantFormat {
  static let format = WeightFormat.iq4_nl
  static let span = 32
  static let offset: Int32 = 128
  static let hasMinimum = false
  static let isWide = true
  @inline(always)
  static func quad(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ t: Int) -> WordLanes {
    lookup_iq4_nl(nibbles(group, block, t))
  }
  @inline(always)
  static func scales(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ half: Int) -> Scales {
    halfScale(group, layout, block)
  }
}

/// E2M1 values, doubled to be whole, times a power of two, halved and kept as bfloat16.
enum MXFP4: QuantFormat {
  static let format = WeightFormat.mxfp4
  static let span = 32
  static let offset: Int32 = 12
  static let hasMinimum = false
  static let isWide = false
  @inline(always)
  static func quad(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ t: Int) -> WordLanes {
    lookup_mxfp4(nibbles(group, block, t))
  }
  @inline(always)
  static func scales(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ half: Int) -> Scales {
    Scales(scale: load_bf16(group + layout.scaleOffset + block * 32), minimum: .zero)
  }
}
