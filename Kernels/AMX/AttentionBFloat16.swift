import CIntrinsics
import KernelContract

/// Attention by online softmax on tiles. 32 rows are scored against 64 positions and exponentiated at once, so that scores never
/// leave the first cache; their weights meet the values for 512 positions together, which spreads loading and storing of the
/// sums. More positions at once would leave the tile unit idle for so long that it falls asleep: gaps up to 350 ns cost nothing,
/// after 700 ns and more the next product takes 300 to 600 ns longer (measured on an Emerald Rapids virtual machine).
struct AttentionBFloat16 {
  let x: AttentionArguments
  /// Tiles of 16 rows × 32 elements.
  let queries: UnsafeMutableRawPointer
  /// [16 positions][row][position] of a block of rows.
  let scores: UnsafeMutablePointer<Float>
  /// The weights of a block of rows: tiles of 16 rows × 32 positions, those of 0 … 15 paired with those of 16 … 31 (`CachePanels`).
  let weights: UnsafeMutableRawPointer
  /// Sixteen sums of a row's weights.
  let totals: UnsafeMutablePointer<Float>
  /// What a row's scores times log₂e are raised by; minus the score that weighs 1.
  let offsets: UnsafeMutablePointer<Float>

  static func run(_ x: AttentionArguments) {
    amx_configure()
    AttentionBFloat16(x).run()
    amx_release()
  }

  private init(_ x: AttentionArguments) {
    self.x = x
    queries = x.scratch
    scores = (x.scratch + TiledAttention.maximumRows * x.keyLayout.paddedHeadSize * 2)
      .assumingMemoryBound(to: Float.self)
    totals = scores + AttentionBlock.rows * AttentionBlock.scored
    offsets = totals + TiledAttention.maximumRows * 16
    weights = UnsafeMutableRawPointer(offsets + TiledAttention.maximumRows)
  }

  private func run() {
    let rows = x.tokens * x.groupSize
    let padded = (rows + 15) / 16 * 16
    for r in 0..<padded {
      packQuery(r, rows)
      begin(r)
    }
    let last = x.positions.upperBound < x.firstPosition + x.tokens ? x.positions.upperBound : x.firstPosition + x.tokens
    let seen = oldest(0)
    var start = (seen > x.positions.lowerBound ? seen : x.positions.lowerBound) / 32 * 32
    while start < last {
      let end = start + AttentionBlock.weighed < last ? start + AttentionBlock.weighed : last
      var row = 0
      while row < padded {
        attend(row..<(row + AttentionBlock.rows < padded ? row + AttentionBlock.rows : padded), start..<end)
        row += AttentionBlock.rows
      }
      start += AttentionBlock.weighed
    }
    for r in 0..<rows { finish(r) }
  }

  /// The first position that a row may look at.
  func oldest(_ r: Int) -> Int {
    let position = x.firstPosition + r / x.groupSize
    let oldest = x.window <= position ? position - x.window + 1 : 0
    return oldest > x.positions.lowerBound ? oldest : x.positions.lowerBound
  }

  /// The end of what a row may look at.
  func end(_ r: Int) -> Int {
    let end = x.firstPosition + r / x.groupSize + 1
    return end < x.positions.upperBound ? end : x.positions.upperBound
  }

  /// A block of rows over at most 512 positions.
  private func attend(_ rows: Range<Int>, _ positions: Range<Int>) {
    // What no row of the block sees is not even scored; what all see needs no mask.
    let (low, high) = (oldest(rows.lowerBound), end(rows.upperBound - 1))
    let (allLow, allHigh) = (oldest(rows.upperBound - 1), end(rows.lowerBound))
    var start = low > positions.lowerBound ? low / 32 * 32 : positions.lowerBound
    let last = high < positions.upperBound ? high : positions.upperBound
    var weighed = start..<start
    while start < last {
      let scored = start..<(start + AttentionBlock.scored < last ? start + AttentionBlock.scored : last)
      score(rows, scored)
      if x.softcap > 0 || scored.lowerBound < allLow || scored.upperBound > allHigh || scored.count % 32 != 0 {
        hide(rows, scored)
      }
      let target = weights + (start - positions.lowerBound) / 32 * 1024
      let raised = weigh(rows, scored, target)
      if raised != 0 {
        // Weights so far have their row's old offset.
        accumulate(rows, weighed, weights + (weighed.lowerBound - positions.lowerBound) / 32 * 1024)
        weighed = start..<start
        for r in rows where raised >> UInt32(r - rows.lowerBound) & 1 != 0 { raise(r, rows, scored, target) }
      }
      weighed = weighed.lowerBound..<scored.upperBound
      start += AttentionBlock.scored
    }
    accumulate(rows, weighed, weights + (weighed.lowerBound - positions.lowerBound) / 32 * 1024)
  }

  private func score(_ rows: Range<Int>, _ positions: Range<Int>) {
    let size = x.keyLayout.paddedHeadSize
    for block in 0..<(positions.count + 31) / 32 {
      let panel = x.keys + (positions.lowerBound + block * 32) * size * 2
      TileBlock.run(
        a: queries + rows.lowerBound * size * 2, aStride: 16 * size * 2, rowTiles: rows.count / 16, first: panel,
        second: panel + size * 32, steps: size / 32, from: nil,
        to: TileColumns(scores + block * 32 * AttentionBlock.rows, 0, AttentionBlock.rows, stride: 16))
    }
  }

  private func accumulate(_ rows: Range<Int>, _ positions: Range<Int>, _ weights: UnsafeMutableRawPointer) {
    if positions.isEmpty { return }
    let groupBytes = x.valueLayout.capacity * 32
    for pair in 0..<x.valueLayout.paddedHeadSize / 32 {
      let panel = x.values + pair * 2 * groupBytes + positions.lowerBound * 32
      let sums = TileColumns(x.output + rows.lowerBound * x.outputStride + pair * 32, 0, 1, stride: x.outputStride)
      TileBlock.run(
        a: weights, aStride: AttentionBlock.weighed * 32, rowTiles: rows.count / 16, first: panel,
        second: panel + groupBytes, steps: (positions.count + 31) / 32, from: sums, to: sums)
    }
  }
}
