import CIntrinsics
import KernelContract

enum F32: FloatFormat {
  static let format = WeightFormat.f32
  static var isPanel: Bool { true }
  @inline(always) static func columns(_ group: UnsafeRawPointer, _ column: Int) -> (FloatLanes, FloatLanes) {
    (group.floats(column * 64), group.floats(column * 64 + 64))
  }
}

enum F16: FloatFormat {
  static let format = WeightFormat.f16
  @inline(always) static func columns(_ group: UnsafeRawPointer, _ column: Int) -> (FloatLanes, FloatLanes) {
    (load_f16(group + column * 32), load_f16(group + column * 32 + 32))
  }
}

/// A bfloat16 is the upper half of a Float: a shift and a mask, cheaper than the halves' conversion.
enum BF16: FloatFormat {
  static let format = WeightFormat.bf16
  @inline(always) static func columns(_ group: UnsafeRawPointer, _ column: Int) -> (FloatLanes, FloatLanes) {
    let pair = group.words(column * 32)
    return (FloatLanes(lanes: pair &<< 16), FloatLanes(lanes: pair & WordLanes(repeating: 0xffff_0000)))
  }
}
