import CIntrinsics
import KernelContract

/// How one weight format is read from its packed planes; layout in `KernelContract.PackedLayout`.
protocol PackedFormat: SendableMetatype {
  static var format: WeightFormat { get }
}

/// A format that a kernel reads as Float lanes, one column of sixteen rows at a time.
protocol FloatFormat: PackedFormat {
  /// Whether a group lies as `FloatPanel` would write it.
  static var isPanel: Bool { get }
  /// Two neighbouring columns, the first of which is even.
  static func columns(_ group: UnsafeRawPointer, _ column: Int) -> (FloatLanes, FloatLanes)
}

extension FloatFormat {
  static var isPanel: Bool { false }
  /// Bytes of two columns.
  static var pairBytes: Int { PackedLayout.quantBytes(format) / 16 }
}

/// A format of small integers: weight = scale · (quant − offset) + minimum, with scales for `span` columns.
protocol QuantFormat: PackedFormat {
  /// Columns that share a scale: 32 or 16.
  static var span: Int { get }
  static var offset: Int32 { get }
  static var hasMinimum: Bool { get }
  /// The largest quant, before the offset.
  static var largest: Int { get }
  /// Quad `t` (0…7) of block `block`: the bytes of a lane are columns 4t … 4t+3 of one row.
  static func quad(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ t: Int) -> WordLanes
  /// Columns 8u … 8u+7 of a block as Floats, `biases` added to the first and to the last four; see `BFloat16Panel`.
  static var biases: (low: Float, high: Float) { get }
  static func eight(
    _ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ u: Int
  ) -> InlineArray<8, FloatLanes>
  /// Scale and minimum of half `half` of a block (0 where the span is 32).
  static func scales(_ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int, _ half: Int) -> Scales
}

extension QuantFormat {
  static var span: Int { 32 }
  static var offset: Int32 { 0 }
  static var hasMinimum: Bool { false }

  /// Products of a quant and an activation come in pairs, at most 2·127·largest; how many pairs fit a 16-bit sum.
  static var chain: Int { 32_767 / (254 * largest) }
}

struct Scales {
  var scale: FloatLanes
  var minimum: FloatLanes
}

/// Asks for a block of every plane; the address need not be inside of the matrix.
@inline(always)
func prefetchBlock<F: PackedFormat>(_: F.Type, _ group: UnsafeRawPointer, _ layout: PackedLayout, _ block: Int) {
  let (quants, high, scales) = (
    PackedLayout.quantBytes(F.format), PackedLayout.highBytes(F.format), PackedLayout.scaleBytes(F.format)
  )
  prefetch_lines(group + block * quants, quants)
  prefetch_lines(group + layout.highOffset + block * high, high)
  prefetch_lines(group + layout.scaleOffset + block * scales, scales)
}

@inline(always) func nibbles(_ group: UnsafeRawPointer, _ block: Int, _ t: Int) -> WordLanes {
  let v = group.words(block * 256 + (t >> 1) * 64)
  return (t & 1 == 0 ? v : v &>> 4) & WordLanes(repeating: 0x0f0f_0f0f)
}

/// Two-bit fields: four quads share a vector.
@inline(always) func crumbs(_ plane: UnsafeRawPointer, _ block: Int, _ t: Int) -> WordLanes {
  (plane.words(block * 128 + (t >> 2) * 64) &>> UInt32((t & 3) * 2)) & WordLanes(repeating: 0x0303_0303)
}

/// One-bit fields: eight quads share a vector.
@inline(always) func bits(_ plane: UnsafeRawPointer, _ block: Int, _ t: Int) -> WordLanes {
  (plane.words(block * 64) &>> UInt32(t)) & WordLanes(repeating: 0x0101_0101)
}
