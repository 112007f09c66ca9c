import Glibc
import KernelContract
import KernelReference

/// Rows that an operation wrote against their definitions.
package enum RowCheck {
  /// What operations are checked and timed with.
  package static let epsilon: Float = 1e-5
  package static let factor: Float = -1
  package static let cap: Float = 5

  /// The largest error in a row as a share of what rounding explains. Above 1, or NaN, the kernel is wrong.
  ///
  /// `x` is the row before, `y` what it meets: another row, weights, or cosines and then sines. `output` has what was written, as
  /// numbers.
  package static func deviation(
    of output: [Double], _ operation: RowOperation, x: [Float], y: [Float]
  ) -> Double {
    let elements = elements(operation, x: x, y: y)
    guard output.count == elements.count else { return .infinity }
    return zip(output, elements).reduce(0) { largest, pair in
      let share = abs(pair.0 - pair.1.value) / max(pair.1.bound, Double.leastNormalMagnitude)
      return share.isNaN ? .infinity : max(largest, share)
    }
  }

  /// What each element is, and how far rounding may take it.
  private static func elements(
    _ operation: RowOperation, x: [Float], y: [Float]
  ) -> [(value: Double, bound: Double)] {
    /// The value, and a bound of `roundings` roundings of half a unit in the last place of a magnitude.
    func rounded(_ value: Double, _ roundings: Double, of magnitude: Double? = nil) -> (value: Double, bound: Double) {
      (value, roundings * 0x1p-24 * (magnitude ?? abs(value)))
    }
    func pairs(_ element: (Double, Double) -> (value: Double, bound: Double)) -> [(value: Double, bound: Double)] {
      zip(x, y).map { element(Double($0), Double($1)) }
    }
    switch operation {
    case .norm:
      // A sum of positive terms in any order, half of whose relative error remains after the root, and four roundings more.
      return Reference.norm(x, weight: y, epsilon: epsilon).map { rounded($0, Double(x.count) / 2 + 5) }
    case .add: return pairs { rounded($0 + $1, 1) }
    case .scale: return x.map { rounded(Double($0) * Double(factor), 1) }
    case .swiglu:
      // The exponential of a rounded argument, and a handful of roundings.
      return pairs { x, y in rounded(Reference.silu(x, exp: { exp($0) }) * y, 12 + abs(x)) }
    case .geglu:
      return pairs { x, y in
        let exponent = 2 * 0.7978845608 * abs(x) * (1 + 0.044715 * x * x)
        return rounded(Reference.gelu(x, tanh: { tanh($0) }) * y, 16 + 6 * exponent, of: abs(x * y))
      }
    case .softcap:
      return x.map { x in
        rounded(Reference.softcap(Double(x), cap: Double(cap), tanh: { tanh($0) }), 32, of: Double(cap))
      }
    case .rope, .ropeNeox:
      let pairs = x.count / 2
      return Reference.rotated(
        x, cosines: Array(y[..<pairs]), sines: Array(y[pairs...]), neighbours: operation == .rope
      ).map { rounded($0.value, 3, of: $0.magnitude) }
    case .roundBFloat16, .quantize(.bf16), .storeKey(.bf16), .storeValue(.bf16):
      return x.map { (Reference.bfloat16($0), 0) }
    case .quantize(.f32), .storeKey(.f32), .storeValue(.f32): return x.map { (Double($0), 0) }
    // Half a unit in the last of eleven bits, or of the smallest subnormal.
    case .storeKey(.f16), .storeValue(.f16): return x.map { (Double($0), max(0x1p-11 * abs(Double($0)), 0x1p-25)) }
    // Half a step of the block's scale, and what rounding that scale to f16 adds.
    case .quantize(.int8): return blocks(x) { scale, _ in 0.5 * scale }
    case .storeKey(.q8_0), .storeValue(.q8_0): return blocks(x) { scale, x in 0.5 * scale + 0x1p-11 * (abs(x) + scale) }
    case .embedding: return x.map { (Double($0), 0) }
    }
  }

  /// Blocks of 32 with the scale amax/127; the quotient by it is rounded before it becomes whole, by up to 2⁻²² of 127 steps.
  private static func blocks(
    _ x: [Float], _ bound: (_ scale: Double, _ x: Double) -> Double
  ) -> [(value: Double, bound: Double)] {
    x.indices.map { i in
      let block = x[i / 32 * 32..<min(i / 32 * 32 + 32, x.count)]
      let scale = Double(block.map(abs).max() ?? 0) / 127
      return (Double(x[i]), bound(scale, Double(x[i])) + 127 * 0x1p-22 * scale)
    }
  }

  // MARK: - What was written

  /// A row of prepared activations.
  package static func prepared(
    _ format: ActivationFormat, columns: Int, token: Int, in rows: UnsafeRawPointer
  ) -> [Double] {
    let depth = (columns + 31) / 32 * 32
    switch format {
    case .f32:
      let row = rows + token * Float32Row(depth: depth).bytes
      return (0..<columns).map { Double(row.load(fromByteOffset: $0 * 4, as: Float.self)) }
    case .int8:
      let (layout, row) = (Int8Row(depth: depth), rows + token * Int8Row(depth: depth).bytes)
      return (0..<columns).map { column in
        Double(row.load(fromByteOffset: column, as: Int8.self))
          * Double((row + layout.scales).load(fromByteOffset: column / 32 * 4, as: Float.self))
      }
    case .bf16:
      let row = rows + token / 16 * 16 * depth * 2 + token % 16 * 64
      return (0..<columns).map { element(.bf16, row + $0 / 32 * 1024 + $0 % 32 * 2) }
    }
  }

  /// A position's key or value in the cache.
  package static func cached(
    _ layout: CacheLayout, isKey: Bool, position: Int, in cache: UnsafeRawPointer
  ) -> [Double] {
    (0..<layout.headSize).map { i in
      let index =
        isKey
        ? position / 16 * 16 * layout.paddedHeadSize + i * 16 + position % 16 : position * layout.paddedHeadSize + i
      let value = element(layout.format, cache + index * CacheLayout.elementBytes(layout.format))
      guard layout.format == .q8_0 else { return value }
      return value * element(.f16, cache + layout.scale(of: position) + i / 32 * 32)
    }
  }

  private static func element(_ format: CacheFormat, _ place: UnsafeRawPointer) -> Double {
    switch format {
    case .f32: Double(place.load(as: Float.self))
    case .f16: Double(BlockFormats.halfToFloat(place.load(as: UInt16.self)))
    case .bf16: Double(Float(bitPattern: UInt32(place.load(as: UInt16.self)) << 16))
    case .q8_0: Double(place.load(as: Int8.self))
    }
  }
}
