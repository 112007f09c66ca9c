import CIntrinsics
import KernelContract

/// Powers of two of scaled logits, and their sums.
enum LogitWeights {
  static func weights(
    _ x: UnsafePointer<Float>, _ length: Int, _ maximum: Float, _ scale: Float, _ output: UnsafeMutablePointer<Float>
  ) {
    let exponent = Exponent(maximum, scale)
    var i = 0
    while i < length {
      output.store(powerOfTwo(exponent(x.lanes(i, before: length))), i, before: length)
      i += 16
    }
  }

  static func runSums(
    _ x: UnsafePointer<Float>, _ length: Int, _ maximum: Float, _ scale: Float, _ sums: UnsafeMutablePointer<Float>,
    _ weights: UnsafeMutablePointer<Float>?, _ moment: UnsafeMutablePointer<Double>?
  ) {
    let exponent = Exponent(maximum, scale)
    guard let weights else { return runSums(x, length, exponent, sums) { _, _, _ in } }
    guard let moment else { return runSums(x, length, exponent, sums) { i, weight, _ in weights.store(weight, i) } }
    var total = 0.0
    var start = 0
    while start < length {
      var lanes = FloatLanes.zero
      runSums(x + start, min(stretch, length - start), exponent, sums + start / LogitReductions.run) { i, weight, t in
        weights.store(weight, start + i)
        lanes.add(product: weight, t)
      }
      total += Double(sum_lanes(opaque(lanes)))
      start += stretch
    }
    moment.pointee = total
  }

  /// Elements whose weight·t is summed in Float lanes before it goes into a Double.
  private static let stretch = 1024

  /// Hands each vector of weights and their exponents on.
  @inline(always) private static func runSums(
    _ x: UnsafePointer<Float>, _ length: Int, _ exponent: Exponent, _ sums: UnsafeMutablePointer<Float>,
    _ visit: (_ index: Int, _ weight: FloatLanes, _ t: FloatLanes) -> Void
  ) {
    let run = LogitReductions.run
    let whole = length / run
    for number in 0..<whole {
      let start = number * run
      var sum = FloatLanes.zero
      for i in 0..<4 {
        let t = exponent(x.lanes(start + i * 16))
        let weight = powerOfTwo(t)
        sum += weight
        visit(start + i * 16, weight, t)
      }
      sums[number] = sum_lanes(opaque(sum))
    }
    guard whole * run < length else { return }
    var sum = FloatLanes.zero
    var i = whole * run
    while i < length {
      var t = exponent(x.lanes(i, before: length))
      for lane in min(16, length - i)..<16 { t[lane] = -127 }
      let weight = powerOfTwo(t)
      sum += weight
      visit(i, weight, t)
      i += 16
    }
    sums[whole] = sum_lanes(opaque(sum))
  }

  private struct Exponent {
    let top: FloatLanes
    let scale: FloatLanes

    @inline(always) init(_ top: Float, _ scale: Float) {
      self.top = FloatLanes(repeating: top)
      self.scale = FloatLanes(repeating: scale)
    }

    /// Not below −127, where `powerOfTwo` is exactly 0. The difference is taken first: the product of a large scale would
    /// lose it. A NaN becomes −127, because `maximum` keeps its first operand.
    @inline(always) func callAsFunction(_ x: FloatLanes) -> FloatLanes {
      maximum(FloatLanes(repeating: -127), (x - top) * scale)
    }
  }

  /// 2^t for t in [−127, 127], relative error below 2·10⁻⁷: t = n + f, |f| ≤ ½, the minimax polynomial of 2^f with 1 for f = 0,
  /// and n added to its exponent. At −127 the exponent of 1 becomes 0, so that the result is 0.
  @inline(always) private static func powerOfTwo(_ t: FloatLanes) -> FloatLanes {
    // Adding 1.5·2²³ leaves the nearest integer in the low bits, of which the shift keeps nine.
    let shifted = t + FloatLanes(repeating: 12_582_912)
    let f = t - (shifted - FloatLanes(repeating: 12_582_912))
    var p = FloatLanes(repeating: 0.009_671_513).adding(product: FloatLanes(repeating: 0.001_326_472_7), f)
    p = FloatLanes(repeating: 0.055_507_337).adding(product: p, f)
    p = FloatLanes(repeating: 0.240_222_42).adding(product: p, f)
    p = FloatLanes(repeating: 0.693_147).adding(product: p, f)
    p = FloatLanes(repeating: 1).adding(product: p, f)
    return FloatLanes(lanes: WordLanes(lanes: p) &+ (WordLanes(lanes: shifted) &<< 23))
  }
}
