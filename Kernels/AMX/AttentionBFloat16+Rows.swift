import CIntrinsics
import KernelContract

// The softmax of attention on tiles, row by row.
//
// A row's weights are 2^(score·log₂e + offset). The offset need not follow the largest score: bfloat16 and Float have the same
// exponents, so that weights above 1 are as exact as those below. It is raised where a sum of weights becomes large, which only
// happens where a row begins and where scores grow by 22 and more; so no maximum is looked for.

private let log2e: Float = 1.442_695_04
/// From here on a sum of weights is large: far from where products with values would overflow.
private let limit: Float = 0x1p32
/// So high that the first score that a row sees becomes large.
private let unset: Float = 1e30

extension AttentionBFloat16 {
  /// A row of queries in tiles; rows past the last are zero.
  func packQuery(_ r: Int, _ rows: Int) {
    let size = x.keyLayout.paddedHeadSize
    let row = queries + r / 16 * 16 * size * 2 + r % 16 * 64
    for half in 0..<size / 16 {
      let q: FloatLanes = r < rows ? (x.queries + r * x.queryStride).lanes(half * 16) : .zero
      let kept = (half + 1) * 16 <= x.keyLayout.headSize ? q : masked(q, x.keyLayout.headSize - half * 16)
      store_low_halves(row + half / 2 * 1024 + half % 2 * 32, bfloat16Bits(kept))
    }
  }

  /// The first `count` lanes; what lies behind a head that does not fill its vectors may be anything.
  @inline(always) private func masked(_ v: FloatLanes, _ count: Int) -> FloatLanes {
    v.replacing(with: 0, where: lane .>= IntLanes(repeating: Int32(count)))
  }

  @inline(always) private var lane: IntLanes { IntLanes(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) }

  func begin(_ r: Int) {
    offsets[r] = unset
    totals.store(.zero, r * 16)
    for i in 0..<x.valueLayout.paddedHeadSize / 16 { x.output.store(.zero, r * x.outputStride + i * 16) }
  }

  func finish(_ r: Int) {
    x.maxima[r] = offsets[r] == unset ? -.infinity : -offsets[r] / log2e
    x.sums[r] = sum_lanes(totals.lanes(r * 16))
  }

  /// Caps the scores of a block and makes −∞ of those of positions where a row may not look.
  func hide(_ rows: Range<Int>, _ positions: Range<Int>) {
    for r in rows {
      let low = IntLanes(repeating: Int32(oldest(r) - positions.lowerBound))
      let high = IntLanes(repeating: Int32(end(r) - positions.lowerBound))
      for v in 0..<(positions.count + 31) / 32 * 2 {
        let index = (v * AttentionBlock.rows + r - rows.lowerBound) * 16
        var s = scores.lanes(index)
        if x.softcap > 0 { s = capped(s, x.softcap) }
        let position = lane &+ IntLanes(repeating: Int32(v * 16))
        s.replace(with: FloatLanes(repeating: -.infinity), where: (position .< low) .| (position .>= high))
        scores.store(s, index)
      }
    }
  }

  /// Scores of a block become weights. Returns the rows, a bit each, whose sum of weights became large: these are not added.
  func weigh(_ rows: Range<Int>, _ positions: Range<Int>, _ weights: UnsafeMutableRawPointer) -> UInt32 {
    var large: UInt32 = 0
    for r in rows {
      let total = weigh(r, rows, positions, weights)
      if lanes_within(total, 0, limit) == 0xffff {
        totals.store(total, r * 16)
      } else {
        large |= 1 << UInt32(r - rows.lowerBound)
      }
    }
    return large
  }

  /// One row: its weights and, with them, its sums.
  @inline(always)
  private func weigh(
    _ r: Int, _ rows: Range<Int>, _ positions: Range<Int>, _ weights: UnsafeMutableRawPointer
  ) -> FloatLanes {
    let row = r - rows.lowerBound
    let scores = scores + row * 16
    let weights = weights + row / 16 * AttentionBlock.weighed * 32 + row % 16 * 64
    let offset = FloatLanes(repeating: offsets[r])
    let factor = FloatLanes(repeating: log2e)
    var total = totals.lanes(r * 16)
    for block in 0..<(positions.count + 31) / 32 {
      let even = powerOfTwo(offset.adding(product: scores.lanes(block * 2 * AttentionBlock.rows * 16), factor))
      let odd = powerOfTwo(offset.adding(product: scores.lanes((block * 2 + 1) * AttentionBlock.rows * 16), factor))
      total += even + odd
      weights.storeBytes(of: bfloat16Pair(even, odd), toByteOffset: block * 1024, as: WordLanes.self)
    }
    return total
  }

  /// Lets the row's largest score weigh 1, rescales what was summed, and weighs again.
  @inline(never)
  func raise(_ r: Int, _ rows: Range<Int>, _ positions: Range<Int>, _ weights: UnsafeMutableRawPointer) {
    var top = FloatLanes(repeating: -.infinity)
    for v in 0..<(positions.count + 31) / 32 * 2 {
      top = maximum(top, scores.lanes((v * AttentionBlock.rows + r - rows.lowerBound) * 16))
    }
    let new = -largest_lane(top) * log2e
    if new < offsets[r] {
      let factor = powerOfTwo(FloatLanes(repeating: new - offsets[r]))
      offsets[r] = new
      totals.store(totals.lanes(r * 16) * factor, r * 16)
      let output = x.output + r * x.outputStride
      for i in 0..<x.valueLayout.paddedHeadSize / 16 { output.store(output.lanes(i * 16) * factor, i * 16) }
    }
    totals.store(weigh(r, rows, positions, weights), r * 16)
  }
}
