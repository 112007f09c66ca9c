import KernelContract
import KernelReference

/// Elements of a product of random matrices against their definition, in bounds so narrow that a forgotten block shows.
package enum ProductCheck {
  /// The columns of one prepared row as its kernel sees them: int8 has been rounded before, and that is not the kernel's error.
  package static func columns(
    _ x: [Float], depth: Int, format: ActivationFormat, token: Int, prepared: UnsafeRawPointer
  ) -> [Float] {
    guard format == .int8 else { return x }
    let row = Int8Row(depth: depth)
    let start = prepared + token * row.bytes
    return x.indices.map { column in
      Float(start.load(fromByteOffset: column, as: Int8.self))
        * (start + row.scales).loadUnaligned(fromByteOffset: column / 32 * 4, as: Float.self)
    }
  }

  /// The error of one element as a share of what rounding explains. Above 1, or NaN, the kernel is wrong.
  ///
  /// For independent random columns a partial sum of k products has the root mean square √k·a·p, with a that of the activations
  /// and p the largest part that a weight is summed from (scale·quant or its offset: at most twice the largest weight). n sums
  /// rounded by up to 2⁻²⁴ of that leave n·2⁻²⁴·a·p/√2. An activation rounded to bfloat16 is wrong by up to 2⁻⁸ of itself, a weight
  /// that is cut to it by up to 4/3 · 2⁻⁸ (`BFloat16Panel`): together 5/3 · 2⁻⁸·√Σ(a·w)². Eight times as much comes by chance once
  /// in 10¹⁵ elements.
  package static func deviation(
    of value: Float, format: WeightFormat, row: UnsafeRawPointer, columns: [Float], activations: ActivationFormat
  ) -> Double {
    var largest = 0.0
    var squares = 0.0
    var products = 0.0
    for (index, column) in columns.enumerated() {
      let weight = Double(BlockFormats.weight(format, row: row, index: index))
      largest = max(largest, abs(weight))
      squares += Double(column) * Double(column)
      products += weight * Double(column) * weight * Double(column)
    }
    let count = Double(columns.count)
    let sums = 0x1p-24 * (count + 16) * (squares / count).squareRoot() * 2 * largest / 2.0.squareRoot()
    let factors = activations == .bf16 ? 5.0 / 3 * 0x1p-8 * products.squareRoot() : 0
    let expected = Reference.dot(format, row: row, columns).value
    // An all-zero row leaves no error to allow for.
    return abs(Double(value) - expected) / max(8 * (sums + factors), Double.leastNormalMagnitude)
  }
}
