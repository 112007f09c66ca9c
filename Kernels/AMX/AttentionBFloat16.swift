import CIntrinsics
import KernelContract

/// Attention by online softmax on tiles: 256 positions are scored at a time, exponentiated in bfloat16 and multiplied by the
/// values. The softmax costs as much as both products at head size 64, so it is kept to two passes over the scores.
enum AttentionBFloat16 {
  static func run(_ x: AttentionArguments) {
    let rows = x.tokens * x.groupSize
    let padded = (rows + 15) / 16 * 16
    let size = x.keyLayout.paddedHeadSize
    let queries = x.scratch
    let scores = (x.scratch + TiledAttention.maximumRows * size * 2).assumingMemoryBound(to: Float.self)
    let weights = UnsafeMutableRawPointer(scores + TiledAttention.maximumRows * TiledAttention.tilePositions)
    packQueries(x, rows, padded, queries)
    for r in 0..<padded { for i in 0..<size / 16 { x.output.store(.zero, r * x.outputStride + i * 16) } }
    for r in 0..<rows {
      x.maxima[r] = -.infinity
      x.sums[r] = 0
    }
    // Rows past the last weigh nothing.
    if padded > rows {
      weights.initializeMemory(as: UInt8.self, repeating: 0, count: padded * TiledAttention.tilePositions * 2)
    }

    let last = x.positions.upperBound < x.firstPosition + x.tokens ? x.positions.upperBound : x.firstPosition + x.tokens
    let oldest = x.window < x.firstPosition ? x.firstPosition - x.window + 1 : 0
    let first = oldest > x.positions.lowerBound ? oldest : x.positions.lowerBound
    var start = first / 32 * 32
    amx_configure()
    while start < last {
      let end = start + TiledAttention.tilePositions < last ? start + TiledAttention.tilePositions : last
      let blocks = (end - start + 31) / 32
      score(x, padded / 16, start, blocks, queries, scores)
      for r in 0..<rows {
        softmax(
          x, r, scores + r * TiledAttention.tilePositions, start, first > start ? first : start, end, blocks,
          weights + (r / 16 * 8 * 1024 + r % 16 * 64))
      }
      accumulate(x, padded / 16, start, blocks, weights)
      start += TiledAttention.tilePositions
    }
    amx_release()
  }

  /// Tiles of 16 rows × 32 elements; rows past the last are zero.
  private static func packQueries(
    _ x: AttentionArguments, _ rows: Int, _ padded: Int, _ target: UnsafeMutableRawPointer
  ) {
    let size = x.keyLayout.paddedHeadSize
    for r in 0..<padded {
      let row = target + r / 16 * 16 * size * 2 + r % 16 * 64
      for half in 0..<size / 16 {
        let q: FloatLanes = r < rows ? (x.queries + r * x.queryStride).lanes(half * 16) : .zero
        let kept = (half + 1) * 16 <= x.keyLayout.headSize ? q : masked(q, x.keyLayout.headSize - half * 16)
        store_low_halves(row + half / 2 * 1024 + half % 2 * 32, bfloat16Bits(kept))
      }
    }
  }

  /// The first `count` lanes; what lies behind a head that does not fill its vectors may be anything.
  @inline(always) private static func masked(_ v: FloatLanes, _ count: Int) -> FloatLanes {
    v.replacing(with: 0, where: lane .>= IntLanes(repeating: Int32(count)))
  }

  @inline(always) private static var lane: IntLanes { IntLanes(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) }

  private static func score(
    _ x: AttentionArguments, _ rowTiles: Int, _ start: Int, _ blocks: Int, _ queries: UnsafeMutableRawPointer,
    _ scores: UnsafeMutablePointer<Float>
  ) {
    let size = x.keyLayout.paddedHeadSize
    for block in 0..<blocks {
      let panel = x.keys + (start + block * 32) * size * 2
      var tile = 0
      while tile < rowTiles {
        let c = scores + tile * 16 * TiledAttention.tilePositions + block * 32
        TileBlock.run(
          a: queries + tile * 16 * size * 2, aStride: 16 * size * 2, rowTiles: rowTiles - tile < 2 ? 1 : 2,
          first: panel, second: panel + size * 32, steps: size / 32, from: nil,
          to: TileColumns(c, 0, 1, stride: TiledAttention.tilePositions))
        tile += 2
      }
    }
  }

  /// One row's scores become weights 2^((score − maximum)·log₂e), 0 where it may not look.
  private static func softmax(
    _ x: AttentionArguments, _ r: Int, _ scores: UnsafeMutablePointer<Float>, _ start: Int, _ from: Int, _ to: Int,
    _ blocks: Int, _ weights: UnsafeMutableRawPointer
  ) {
    let position = x.firstPosition + r / x.groupSize
    let oldest = x.window <= position ? position - x.window + 1 : 0
    let low = (oldest > from ? oldest : from) - start
    let high = (to < position + 1 ? to : position + 1) - start
    let vectors = blocks * 2
    let firstVector = low < 0 ? 0 : low / 16 < vectors ? low / 16 : vectors
    let endVector = high < 0 ? 0 : (high + 15) / 16 < vectors ? (high + 15) / 16 : vectors
    var top = FloatLanes(repeating: -.infinity)
    for v in 0..<vectors where v >= firstVector && v < endVector {
      var s = scores.lanes(v * 16)
      if x.softcap > 0 { s = capped(s, x.softcap) }
      if v * 16 < low || v * 16 + 16 > high {
        let index = lane &+ IntLanes(repeating: Int32(v * 16))
        let hidden = (index .< IntLanes(repeating: Int32(low))) .| (index .>= IntLanes(repeating: Int32(high)))
        s.replace(with: FloatLanes(repeating: -.infinity), where: hidden)
        scores.store(s, v * 16)
      } else if x.softcap > 0 {
        scores.store(s, v * 16)
      }
      top = maximum(top, s)
    }
    let old = x.maxima[r]
    let seen = largest_lane(top)
    let new = seen > old ? seen : old
    let offset = FloatLanes(repeating: new > -.infinity ? -new * 1.442_695_04 : 0)
    var total = FloatLanes.zero
    for v in 0..<vectors {
      var weight = FloatLanes.zero
      if v >= firstVector && v < endVector {
        weight = powerOfTwo(offset.adding(product: scores.lanes(v * 16), FloatLanes(repeating: 1.442_695_04)))
        if v * 16 < low || v * 16 + 16 > high {
          weight.replace(with: 0, where: scores.lanes(v * 16) .== FloatLanes(repeating: -.infinity))
        }
      }
      total += weight
      store_low_halves(weights + v / 2 * 1024 + v % 2 * 32, bfloat16Bits(weight))
    }
    if new > old {
      let factor = old > -.infinity ? powerOfTwo(FloatLanes(repeating: (old - new) * 1.442_695_04))[0] : 0
      x.maxima[r] = new
      x.sums[r] *= factor
      let output = x.output + r * x.outputStride
      for i in 0..<x.valueLayout.paddedHeadSize / 16 {
        output.store(output.lanes(i * 16) * FloatLanes(repeating: factor), i * 16)
      }
    }
    x.sums[r] += sum_lanes(total)
  }

  private static func accumulate(
    _ x: AttentionArguments, _ rowTiles: Int, _ start: Int, _ blocks: Int, _ weights: UnsafeMutableRawPointer
  ) {
    let groupBytes = x.valueLayout.capacity * 32
    for pair in 0..<x.valueLayout.paddedHeadSize / 32 {
      let panel = x.values + pair * 2 * groupBytes + start * 32
      var tile = 0
      while tile < rowTiles {
        let c = x.output + tile * 16 * x.outputStride + pair * 32
        let columns = TileColumns(c, 0, 1, stride: x.outputStride)
        TileBlock.run(
          a: weights + tile * 8 * 1024, aStride: 8 * 1024, rowTiles: rowTiles - tile < 2 ? 1 : 2, first: panel,
          second: panel + groupBytes, steps: blocks, from: columns, to: columns)
        tile += 2
      }
    }
  }
}
