import CIntrinsics
import KernelContract

/// Maxima and masked sums of logits.
enum LogitReductions {
  static let run = 64
  /// Elements whose sum is kept in Float lanes before it goes into a Double, and whose maximum is taken at once.
  static let stretch = 1024

  static func argmax(_ x: UnsafePointer<Float>, _ length: Int) -> Int {
    let floor = opaque(FloatLanes(repeating: -.infinity))
    var best = -Float.infinity
    var index = 0
    var i = 0
    while i < length {
      let top = largest(x + i, min(stretch, length - i), floor)
      if top > best {
        best = top
        index = i
      }
      i += stretch
    }
    while index < length && x[index] != best { index += 1 }
    return index < length ? index : 0
  }

  static func runMaxima(_ x: UnsafePointer<Float>, _ length: Int, _ maxima: UnsafeMutablePointer<Float>) {
    let floor = opaque(FloatLanes(repeating: -.infinity))
    let whole = length / run
    for i in 0..<whole { maxima[i] = largest(x + i * run, run, floor) }
    if whole * run < length { maxima[whole] = largest(x + whole * run, length - whole * run, floor) }
  }

  /// The lanes of `floor`, −∞, where nothing is larger; opaque, because "larger than −∞" becomes two comparisons otherwise.
  /// `maximum` keeps its first operand where the second is NaN.
  @inline(always) private static func largest(
    _ x: UnsafePointer<Float>, _ count: Int, _ floor: FloatLanes
  ) -> Float {
    var a = floor
    var b = a
    var c = a
    var d = a
    var i = 0
    while i + 64 <= count {
      a = maximum(a, x.lanes(i))
      b = maximum(b, x.lanes(i + 16))
      c = maximum(c, x.lanes(i + 32))
      d = maximum(d, x.lanes(i + 48))
      i += 64
    }
    while i + 16 <= count {
      a = maximum(a, x.lanes(i))
      i += 16
    }
    var top = largest_lane(opaque(maximum(maximum(a, b), maximum(c, d))))
    while i < count {
      if x[i] > top { top = x[i] }
      i += 1
    }
    return top
  }

  static func sumAtLeast(
    _ keys: UnsafePointer<Float>, _ weights: UnsafePointer<Float>?, _ length: Int, _ threshold: Float
  ) -> Double {
    guard let weights else {
      return sumAtLeast(keys, length, threshold, { _ in FloatLanes(repeating: 1) }, { _ in 1 })
    }
    return sumAtLeast(keys, length, threshold, { weights.lanes($0) }, { weights[$0] })
  }

  @inline(always) private static func sumAtLeast(
    _ keys: UnsafePointer<Float>, _ length: Int, _ threshold: Float, _ lanes: (Int) -> FloatLanes,
    _ one: (Int) -> Float
  ) -> Double {
    let bound = FloatLanes(repeating: threshold)
    var total = 0.0
    var i = 0
    while i + 16 <= length {
      let end = min(i + stretch, length)
      var a = FloatLanes.zero
      var b = FloatLanes.zero
      while i + 32 <= end {
        a += FloatLanes.zero.replacing(with: lanes(i), where: keys.lanes(i) .>= bound)
        b += FloatLanes.zero.replacing(with: lanes(i + 16), where: keys.lanes(i + 16) .>= bound)
        i += 32
      }
      if i + 16 <= end {
        a += FloatLanes.zero.replacing(with: lanes(i), where: keys.lanes(i) .>= bound)
        i += 16
      }
      total += Double(sum_lanes(opaque(a + b)))
    }
    while i < length {
      if keys[i] >= threshold { total += Double(one(i)) }
      i += 1
    }
    return total
  }
}
