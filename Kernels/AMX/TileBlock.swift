import CIntrinsics

/// c[32 or 16 rows][32 columns] (+)= a · b on tiles, summed over the whole depth in registers.
enum TileBlock {
  /// `a`: tiles of 16 rows × 32, one after another along the depth, `aStride` bytes from 16 rows to the next 16.
  /// `first`, `second`: panels of 16 columns. `c`, `c1`: where their sums go, `stride` bytes from row to row.
  @inline(always)
  static func run(
    a: UnsafeRawPointer, aStride: Int, rowTiles: Int, first: UnsafeRawPointer, second: UnsafeRawPointer, steps: Int,
    c: UnsafeMutableRawPointer, c1: UnsafeMutableRawPointer, stride: Int, accumulate: Bool
  ) {
    if accumulate { amx_load_block(c, c1, stride, Int32(rowTiles)) } else { amx_zero_block() }
    if rowTiles == 2 {
      let below = a + aStride
      for k in 0..<steps { amx_step_2x2(a + k * 1024, below + k * 1024, first + k * 1024, second + k * 1024) }
    } else {
      for k in 0..<steps { amx_step_1x2(a + k * 1024, first + k * 1024, second + k * 1024) }
    }
    amx_store_block(c, c1, stride, Int32(rowTiles))
  }
}
