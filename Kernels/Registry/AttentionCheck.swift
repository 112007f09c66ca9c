import Glibc
import KernelContract
import KernelReference

/// Attention of one row against its definition, for keys, values and queries that every cache format and bfloat16 hold exactly.
package enum AttentionCheck {
  /// The largest error of a row as a share of what rounding explains. Above 1, or NaN, the kernel is wrong.
  ///
  /// A weight's relative error is that of its score (`size` rounded sums, as in `ProductCheck`) and of the exponential and the
  /// running sums; it moves a mean of values within ±1 by twice as much at most. On tiles the exponential is good to 7.5·10⁻⁵
  /// and each weight is rounded to bfloat16, by 2⁻⁸ and independently, which moves the mean by 2⁻⁸·√Σp² twice. Eight times the
  /// root mean square comes by chance once in 10¹⁵ elements.
  package static func deviation(
    of output: [Double], query: [Float], keys: [[Float]], values: [[Float]], onTiles: Bool
  ) -> Double {
    let scores = keys.map { key in zip(query, key).reduce(0.0) { $0 + Double($1.0) * Double($1.1) } }
    let top = scores.max() ?? 0
    let weights = scores.map { exp($0 - top) }
    let total = weights.reduce(0, +)
    let concentration = weights.reduce(0) { $0 + $1 / total * $1 / total }.squareRoot()
    let (size, count) = (Double(query.count), Double(keys.count))
    let norm = query.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    let lowest = top - (scores.min() ?? 0)
    let score = 0x1p-24 * (size.squareRoot() * norm + lowest)
    let sums = 0x1p-24 * (count + 32).squareRoot()
    let tiles = onTiles ? 1.5e-4 + 16 * 0x1p-8 * concentration : 0
    let bound = 2 * (8 * (score + sums) + 24 * 0x1p-24) + tiles
    let expected = Reference.attention(
      query: query, keys: keys, values: values, softcap: 0, exp: { exp($0) }, tanh: { tanh($0) })
    return zip(output, expected).reduce(0) { largest, pair in
      let error = abs(pair.0 - pair.1) / bound
      return error.isNaN ? .infinity : max(largest, error)
    }
  }
}
