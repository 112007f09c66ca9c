import CIntrinsics

/// Where a block of 32 columns lies: two tiles of 16, `stride` bytes from row to row.
struct TileColumns {
  let first, second: UnsafeMutableRawPointer
  let stride: Int

  /// Groups `i` and `j` of rows of Floats.
  @inline(always)
  init(_ rows: UnsafeMutablePointer<Float>, _ i: Int, _ j: Int, stride: Int) {
    first = UnsafeMutableRawPointer(rows + i * 16)
    second = UnsafeMutableRawPointer(rows + j * 16)
    self.stride = stride * 4
  }
}

/// to[32 or 16 rows][32 columns] = (from +) a · b on tiles, summed over the whole depth in registers.
enum TileBlock {
  /// `a`: tiles of 16 rows × 32, one after another along the depth, `aStride` bytes from 16 rows to the next 16.
  /// `first`, `second`: panels of 16 columns.
  @inline(always)
  static func run(
    a: UnsafeRawPointer, aStride: Int, rowTiles: Int, first: UnsafeRawPointer, second: UnsafeRawPointer, steps: Int,
    from: TileColumns?, to: TileColumns
  ) {
    if let from { amx_load_block(from.first, from.second, from.stride, Int32(rowTiles)) } else { amx_zero_block() }
    if rowTiles == 2 {
      let below = a + aStride
      for k in 0..<steps { amx_step_2x2(a + k * 1024, below + k * 1024, first + k * 1024, second + k * 1024) }
    } else {
      for k in 0..<steps { amx_step_1x2(a + k * 1024, first + k * 1024, second + k * 1024) }
    }
    amx_store_block(to.first, to.second, to.stride, Int32(rowTiles))
  }
}
