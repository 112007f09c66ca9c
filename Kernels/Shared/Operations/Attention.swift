import CIntrinsics
import KernelContract

/// Attention by online softmax: 64 positions at a time are scored, exponentiated against the running maximum and summed into
/// the output, so that scores never leave the first cache. Rows share one key-value head, so K and V are read once for all.
enum Attention {
  static func run(_ x: AttentionArguments) {
    let rows = x.tokens * x.groupSize
    let size = x.keyLayout.paddedHeadSize
    for r in 0..<rows {
      x.maxima[r] = -.infinity
      x.sums[r] = 0
      for i in 0..<size / 16 { x.output.store(.zero, r * x.outputStride + i * 16) }
    }
    // What no row of the call can see is not even scored.
    let last = min(x.positions.upperBound, x.firstPosition + x.tokens)
    let oldest = x.window < x.firstPosition ? x.firstPosition - x.window + 1 : 0
    let first = max(x.positions.lowerBound, oldest)
    guard first < last else { return }
    let width = AttentionContract.tilePositions
    var start = first / width * width
    while start < last {
      tile(x, rows, start, max(start, first), min(start + width, last))
      start += width
    }
  }

  /// Positions `from ..< to` of the tile that begins at `start`.
  private static func tile(_ x: AttentionArguments, _ rows: Int, _ start: Int, _ from: Int, _ to: Int) {
    let width = AttentionContract.tilePositions
    let scores = x.scratch.assumingMemoryBound(to: Float.self)
    // Vectors of sixteen positions that hold any of from ..< to.
    let firstVector = (from - start) / 16
    let vectors = (to - start + 15) / 16
    switch x.keyLayout.format {
    case .f32: score(Float32Element.self, x, rows, start, firstVector..<vectors, scores)
    case .f16: score(Float16Element.self, x, rows, start, firstVector..<vectors, scores)
    case .bf16: score(BFloat16Element.self, x, rows, start, firstVector..<vectors, scores)
    case .q8_0: scoreQuants(x, rows, start, firstVector..<vectors, scores)
    }

    for r in 0..<rows { softmax(x, r, scores + r * width, start, from, to, vectors) }

    let weights = scores + (from - start)
    switch x.valueLayout.format {
    case .f32: accumulate(Float32Element.self, x, rows, from..<to, weights)
    case .f16: accumulate(Float16Element.self, x, rows, from..<to, weights)
    case .bf16: accumulate(BFloat16Element.self, x, rows, from..<to, weights)
    case .q8_0: accumulateQuants(x, rows, start, from..<to, scores)
    }
  }

  /// Scores become weights exp(score − maximum), 0 where the row may not look; what was summed before is rescaled.
  @inline(never)
  private static func softmax(
    _ x: AttentionArguments, _ r: Int, _ scores: UnsafeMutablePointer<Float>, _ start: Int, _ from: Int, _ to: Int,
    _ vectors: Int
  ) {
    let position = x.firstPosition + r / x.groupSize
    let oldest = x.window <= position ? position - x.window + 1 : 0
    let low = max(from, oldest) - start
    let high = min(to, position + 1) - start
    let lane = IntLanes(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    var top = FloatLanes(repeating: -.infinity)
    for v in (from - start) / 16..<vectors {
      var s = scores.lanes(v * 16)
      if x.softcap > 0 { s = capped(s, x.softcap) }
      let index = lane &+ IntLanes(repeating: Int32(v * 16))
      let hidden = (index .< IntLanes(repeating: Int32(low))) .| (index .>= IntLanes(repeating: Int32(high)))
      s.replace(with: FloatLanes(repeating: -.infinity), where: hidden)
      scores.store(s, v * 16)
      top = maximum(top, s)
    }
    let old = x.maxima[r]
    let new = max(old, largest_lane(top))
    guard new > -.infinity else {
      for v in (from - start) / 16..<vectors { scores.store(.zero, v * 16) }
      return
    }
    var total = FloatLanes.zero
    for v in (from - start) / 16..<vectors {
      let weight = exponential(scores.lanes(v * 16) - FloatLanes(repeating: new))
      scores.store(weight, v * 16)
      total += weight
    }
    if new > old {
      let factor = old > -.infinity ? exponential(FloatLanes(repeating: old - new))[0] : 0
      x.maxima[r] = new
      x.sums[r] *= factor
      let output = x.output + r * x.outputStride
      for i in 0..<x.valueLayout.paddedHeadSize / 16 {
        output.store(output.lanes(i * 16) * FloatLanes(repeating: factor), i * 16)
      }
    }
    x.sums[r] += sum_lanes(total)
  }
}
