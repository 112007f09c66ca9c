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
    let size = x.keyLayout.paddedHeadSize
    let scores = x.scratch.assumingMemoryBound(to: Float.self)
    let unpackedKeys = scores + AttentionContract.maximumRows * width
    let unpackedValues = unpackedKeys + width * size
    // Vectors of sixteen positions that hold any of from ..< to.
    let firstVector = (from - start) / 16
    let vectors = (to - start + 15) / 16

    let keyElement = CacheLayout.elementBytes(x.keyLayout.format)
    let keyTile = x.keys + start * size * keyElement
    let valueElement = CacheLayout.elementBytes(x.valueLayout.format)
    let valueTile = x.values + from * size * valueElement
    switch x.keyLayout.format {
    case .f32: score(Float32Element.self, x, rows, keyTile, scores, firstVector, vectors)
    case .f16: score(Float16Element.self, x, rows, keyTile, scores, firstVector, vectors)
    case .bf16: score(BFloat16Element.self, x, rows, keyTile, scores, firstVector, vectors)
    case .q8_0:
      unpackKeys(x, start, firstVector, vectors, unpackedKeys)
      score(Float32Element.self, x, rows, UnsafeRawPointer(unpackedKeys), scores, firstVector, vectors)
    }

    for r in 0..<rows { softmax(x, r, scores + r * width, start, from, to, vectors) }

    let count = to - from
    let weights = scores + (from - start)
    switch x.valueLayout.format {
    case .f32: accumulate(Float32Element.self, x, rows, valueTile, weights, count)
    case .f16: accumulate(Float16Element.self, x, rows, valueTile, weights, count)
    case .bf16: accumulate(BFloat16Element.self, x, rows, valueTile, weights, count)
    case .q8_0:
      unpackValues(x, from, count, unpackedValues)
      accumulate(Float32Element.self, x, rows, UnsafeRawPointer(unpackedValues), weights, count)
    }
  }

  /// scores[row][position] = query · key
  @inline(never)
  private static func score<E: PanelElement>(
    _: E.Type, _ x: AttentionArguments, _ rows: Int, _ keys: UnsafeRawPointer, _ scores: UnsafeMutablePointer<Float>,
    _ firstVector: Int, _ vectors: Int
  ) {
    let size = x.keyLayout.paddedHeadSize
    let panel = size * 16 * E.bytes
    multiplyPanel(
      E.self, rows: rows, vectors: vectors - firstVector, a: x.queries, aStride: x.queryStride,
      b: keys + firstVector * panel, bStride: 16 * E.bytes, panelStride: panel, depth: x.keyLayout.headSize,
      c: scores + firstVector * 16, cStride: AttentionContract.tilePositions, accumulate: false,
      ahead: AttentionContract.tilePositions * size * E.bytes)
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

  /// output[row] += Σ over positions of weight · value
  @inline(never)
  private static func accumulate<E: PanelElement>(
    _: E.Type, _ x: AttentionArguments, _ rows: Int, _ values: UnsafeRawPointer,
    _ weights: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    let size = x.valueLayout.paddedHeadSize
    multiplyPanel(
      E.self, rows: rows, vectors: size / 16, a: weights, aStride: AttentionContract.tilePositions, b: values,
      bStride: size * E.bytes, panelStride: 16 * E.bytes, depth: count, c: x.output, cStride: x.outputStride,
      accumulate: true, ahead: AttentionContract.tilePositions * size * E.bytes)
  }

  @inline(never)
  private static func unpackKeys(
    _ x: AttentionArguments, _ start: Int, _ firstVector: Int, _ vectors: Int, _ target: UnsafeMutablePointer<Float>
  ) {
    let size = x.keyLayout.paddedHeadSize
    for v in firstVector..<vectors {
      let block = start / 16 + v
      let quants = x.keys + block * size * 16
      let scales = x.keys + x.keyLayout.scaleOffset + block * size / 32 * 32
      for span in 0..<size / 32 {
        let scale = load_f16(scales + span * 32)
        for i in span * 32..<span * 32 + 32 { target.store(load_i8(quants + i * 16) * scale, (v * size + i) * 16) }
      }
    }
  }

  @inline(never)
  private static func unpackValues(
    _ x: AttentionArguments, _ from: Int, _ count: Int, _ target: UnsafeMutablePointer<Float>
  ) {
    let size = x.valueLayout.paddedHeadSize
    let spans = size / 32
    for position in from..<from + count {
      let quants = x.values + position * size
      let scales = x.values + x.valueLayout.scaleOffset + position * spans * 2
      let out = target + (position - from) * size
      for span in 0..<spans {
        let scale = FloatLanes(repeating: half_to_float(scales + span * 2))
        out.store(load_i8(quants + span * 32) * scale, span * 32)
        out.store(load_i8(quants + span * 32 + 16) * scale, span * 32 + 16)
      }
    }
  }

}
