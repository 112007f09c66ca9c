import CIntrinsics
import KernelContract

/// What sampling asks of a row of logits, in runs of 64 so that a second look touches few of them.
enum LogitReductions {
  static let run = 64

  static func argmax(_ x: UnsafePointer<Float>, _ length: Int) -> Int {
    var best = -Float.infinity
    var index = 0
    var i = 0
    while i < length {
      let count = min(run, length - i)
      let top = runMaximum(x + i, count)
      if top > best {
        best = top
        index = i
      }
      i += run
    }
    while index < length && x[index] != best { index += 1 }
    return index < length ? index : 0
  }

  static func blockMaxima(_ x: UnsafePointer<Float>, _ length: Int, _ blocks: UnsafeMutablePointer<Float>) {
    for block in 0..<(length + run - 1) / run {
      blocks[block] = runMaximum(x + block * run, min(run, length - block * run))
    }
  }

  @inline(always) private static func runMaximum(_ x: UnsafePointer<Float>, _ count: Int) -> Float {
    var top = FloatLanes(repeating: -.infinity)
    guard count == run else {
      var best = -Float.infinity
      for i in 0..<count where x[i] > best { best = x[i] }
      return best
    }
    for v in 0..<run / 16 { top = maximum(top, x.lanes(v * 16)) }
    return largest_lane(top)
  }

  static func blockExponentialSums(
    _ x: UnsafePointer<Float>, _ length: Int, _ maximum: Float, _ inverseTemperature: Float,
    _ blocks: UnsafeMutablePointer<Float>
  ) {
    let top = FloatLanes(repeating: maximum)
    let inverse = FloatLanes(repeating: inverseTemperature)
    for block in 0..<(length + run - 1) / run {
      let start = block * run
      let count = min(run, length - start)
      var total = FloatLanes.zero
      var i = 0
      while i + 16 <= count {
        total += exponential((x.lanes(start + i) - top) * inverse)
        i += 16
      }
      var result = sum_lanes(total)
      if i < count {
        let rest = exponential((x.lanes(start + i, before: start + count) - top) * inverse)
        for lane in 0..<count - i { result += rest[lane] }
      }
      blocks[block] = result
    }
  }

  static func selectAtLeast(
    _ x: UnsafePointer<Float>, _ length: Int, _ threshold: Float, _ indices: UnsafeMutablePointer<Int32>,
    _ capacity: Int
  ) -> Int {
    var found = 0
    var i = 0
    while i < length {
      let count = min(run, length - i)
      if runMaximum(x + i, count) >= threshold {
        for j in i..<i + count where x[j] >= threshold {
          if found < capacity { indices[found] = Int32(truncatingIfNeeded: j) }
          found += 1
        }
      }
      i += run
    }
    return found
  }
}
