import CIntrinsics
import KernelContract

// The two products of attention over a tile of positions. While one tile is multiplied the next one's lines are asked for: alone, the
// processor's prefetchers start anew where keys give way to values.

extension Attention {
  private static let width = AttentionContract.tilePositions

  /// scores[row][position] = query · key, for vectors of sixteen positions of the tile at `start`.
  @inline(never)
  static func score<E: PanelElement>(
    _: E.Type, _ x: AttentionArguments, _ rows: Int, _ start: Int, _ vectors: Range<Int>,
    _ scores: UnsafeMutablePointer<Float>
  ) {
    let size = x.keyLayout.paddedHeadSize
    let panel = size * 16 * E.bytes
    multiplyPanel(
      E.self, rows: rows, vectors: vectors.count, a: x.queries, aStride: x.queryStride,
      b: x.keys + (start / 16 + vectors.lowerBound) * panel, bStride: 16 * E.bytes, panelStride: panel,
      depth: x.keyLayout.headSize, c: scores + vectors.lowerBound * 16, cStride: width, accumulate: false,
      ahead: width * size * E.bytes)
  }

  /// The same of Q8_0: each span of 32 elements is summed unscaled, and its sums scaled by position.
  @inline(never)
  static func scoreQuants(
    _ x: AttentionArguments, _ rows: Int, _ start: Int, _ vectors: Range<Int>, _ scores: UnsafeMutablePointer<Float>
  ) {
    let size = x.keyLayout.paddedHeadSize
    let sums = scores + AttentionContract.maximumRows * width
    let first = start / 16 + vectors.lowerBound
    let scales = x.keys + x.keyLayout.scaleOffset + first * size
    prefetch_lines(scales + width / 16 * size, width / 16 * size)
    for span in 0..<size / 32 {
      multiplyPanel(
        Int8Element.self, rows: rows, vectors: vectors.count, a: x.queries + span * 32, aStride: x.queryStride,
        b: x.keys + first * size * 16 + span * 512, bStride: 16, panelStride: size * 16,
        depth: min(32, x.keyLayout.headSize - span * 32), c: sums, cStride: width, accumulate: false,
        ahead: width * size)
      for v in 0..<vectors.count {
        let scale = load_f16(scales + v * size + span * 32)
        for r in 0..<rows {
          let target = r * width + (vectors.lowerBound + v) * 16
          let sum = sums.lanes(r * width + v * 16) * scale
          scores.store(span == 0 ? sum : scores.lanes(target) + sum, target)
        }
      }
    }
  }

  /// output[row] += Σ over positions of weight · value
  @inline(never)
  static func accumulate<E: PanelElement>(
    _: E.Type, _ x: AttentionArguments, _ rows: Int, _ positions: Range<Int>, _ weights: UnsafePointer<Float>
  ) {
    let size = x.valueLayout.paddedHeadSize
    multiplyPanel(
      E.self, rows: rows, vectors: size / 16, a: weights, aStride: width,
      b: x.values + positions.lowerBound * size * E.bytes, bStride: size * E.bytes, panelStride: 16 * E.bytes,
      depth: positions.count, c: x.output, cStride: x.outputStride, accumulate: true,
      ahead: width * size * E.bytes)
  }

  /// The same of Q8_0: the weights of the tile at `start` take on the scales of each span of 32 elements.
  @inline(never)
  static func accumulateQuants(
    _ x: AttentionArguments, _ rows: Int, _ start: Int, _ positions: Range<Int>, _ weights: UnsafeMutablePointer<Float>
  ) {
    let size = x.valueLayout.paddedHeadSize
    let scaled = weights + AttentionContract.maximumRows * width
    let offset = positions.lowerBound - start
    let scales = x.values + x.valueLayout.scaleOffset + start * size / 16
    prefetch_lines(scales + width / 16 * size, width / 16 * size)
    for span in 0..<size / 32 {
      for v in offset / 16..<(positions.upperBound - start + 15) / 16 {
        let scale = load_f16(scales + v * size + span * 32)
        for r in 0..<rows { scaled.store(weights.lanes(r * width + v * 16) * scale, r * width + v * 16) }
      }
      multiplyPanel(
        Int8Element.self, rows: rows, vectors: 2, a: scaled + offset, aStride: width,
        b: x.values + positions.lowerBound * size + span * 32, bStride: size, panelStride: 16,
        depth: positions.count, c: x.output + span * 32, cStride: x.outputStride, accumulate: true,
        ahead: width * size)
    }
  }
}
