import CIntrinsics
import KernelContract

/// Logits within bounds, one behind the other.
enum LogitSelection {
  static func select(
    _ x: UnsafePointer<Float>, _ length: Int, _ maxima: UnsafePointer<Float>?, _ lower: Float, _ upper: Float,
    _ indices: UnsafeMutablePointer<Int32>, _ values: UnsafeMutablePointer<Float>
  ) -> Int {
    var found = 0
    var start = 0
    var number = 0
    while start < length {
      let end = min(start + LogitReductions.run, length)
      if maxima == nil || maxima.unsafelyUnwrapped[number] >= lower {
        var i = start
        while i + 16 <= end {
          let mask = lanes_within(x.lanes(i), lower, upper)
          found += append_lanes(indices + found, values + found, mask, Int32(truncatingIfNeeded: i), x + i)
          i += 16
        }
        while i < end {
          let value = x[i]
          if value >= lower && value < upper {
            indices[found] = Int32(truncatingIfNeeded: i)
            values[found] = value
            found += 1
          }
          i += 1
        }
      }
      start = end
      number += 1
    }
    return found
  }

  static func sift(
    _ x: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, _ length: Int, _ maxima: UnsafePointer<Float>?,
    _ bounds: SiftBounds, _ indices: UnsafeMutablePointer<Int32>, _ values: UnsafeMutablePointer<Float>
  ) -> (sum: Double, count: Int) {
    // Comparisons bound this loop: half of them where there is nothing above.
    if bounds.innerUpper == .infinity {
      sift(
        x, weights, length, maxima, bounds, indices, values, inner: { lanes_from($0, bounds.innerLower) },
        outer: { lanes_from($0, bounds.lower) })
    } else {
      sift(
        x, weights, length, maxima, bounds, indices, values,
        inner: { lanes_within($0, bounds.innerLower, bounds.innerUpper) },
        outer: { lanes_within($0, bounds.lower, bounds.upper) })
    }
  }

  @inline(always) private static func sift(
    _ x: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, _ length: Int, _ maxima: UnsafePointer<Float>?,
    _ bounds: SiftBounds, _ indices: UnsafeMutablePointer<Int32>, _ values: UnsafeMutablePointer<Float>,
    inner: (FloatLanes) -> UInt32, outer: (FloatLanes) -> UInt32
  ) -> (sum: Double, count: Int) {
    let run = LogitReductions.run
    let whole = length / run
    var total = 0.0
    var found = 0
    var number = 0
    while number < whole {
      let end = min(number + LogitReductions.stretch / run, whole)
      var a = FloatLanes.zero
      var b = FloatLanes.zero
      while number < end {
        var i = number * run
        let isBelow = maxima != nil && maxima.unsafelyUnwrapped[number] < bounds.lower
        number += 1
        if isBelow { continue }
        for _ in 0..<2 {
          let (first, second) = (x.lanes(i), x.lanes(i + 16))
          let (inFirst, inSecond) = (inner(first), inner(second))
          a = add_where(a, weights.lanes(i), inFirst)
          b = add_where(b, weights.lanes(i + 16), inSecond)
          // Few are between the bounds: taken one by one they do not keep the others waiting.
          var between = outer(first) & ~inFirst | (outer(second) & ~inSecond) << 16
          while between != 0 {
            let position = i + between.trailingZeroBitCount
            indices[found] = Int32(truncatingIfNeeded: position)
            values[found] = x[position]
            found += 1
            between &= between &- 1
          }
          i += 32
        }
      }
      total += Double(sum_lanes(opaque(a + b)))
    }
    for i in whole * run..<length {
      if inner(FloatLanes(repeating: x[i])) != 0 {
        total += Double(weights[i])
      } else if outer(FloatLanes(repeating: x[i])) != 0 {
        indices[found] = Int32(truncatingIfNeeded: i)
        values[found] = x[i]
        found += 1
      }
    }
    return (total, found)
  }
}
