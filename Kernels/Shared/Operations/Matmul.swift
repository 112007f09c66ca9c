import CIntrinsics
import KernelContract

/// Products for many tokens in Float. A block of activations stays in the second cache while it is multiplied with the weights of
/// its columns, a tile's groups at a time.
enum MatmulFloat {
  /// Writes the columns of some 32-column blocks of a group, 2048 bytes a block.
  typealias Unpack = (
    _ group: UnsafeRawPointer, _ layout: PackedLayout, _ blocks: Range<Int>, _ panel: UnsafeMutablePointer<Float>
  ) -> Void

  /// 336 tokens (whole tiles of every height) × 768 columns take 1 MiB, the panels of two groups 96 KiB. For each column, weights
  /// are read once for 336 tokens and sums read and written once for 768 columns: more of one is less of the other.
  private static let tokensAtOnce = 336
  private static let depthAtOnce = 768

  private struct Piece {
    var columns: Range<Int>
    var tokens: Range<Int>
    var groups: Range<Int>
  }

  @inline(always)
  static func run(_ x: MatrixArguments, unpack: Unpack) {
    let panel = x.scratch.assumingMemoryBound(to: Float.self)
    forEachPiece(x) { piece in
      for (i, group) in piece.groups.enumerated() {
        unpack(
          x.weights + group * x.layout.groupBytes, x.layout,
          piece.columns.lowerBound / 32..<piece.columns.upperBound / 32,
          panel + i * piece.columns.count * 16)
      }
      multiply(x, piece, UnsafeRawPointer(panel), panelStride: piece.columns.count * 64, ahead: 0)
    }
  }

  /// Weights in F32 are panels already. Those of the next tile are fetched ahead.
  static func runInPlace(_ x: MatrixArguments) {
    forEachPiece(x) { piece in
      multiply(
        x, piece, x.weights + piece.groups.lowerBound * x.layout.groupBytes + piece.columns.lowerBound * 64,
        panelStride: x.layout.groupBytes, ahead: piece.groups.count * x.layout.groupBytes)
    }
  }

  @inline(always)
  private static func forEachPiece(_ x: MatrixArguments, _ body: (Piece) -> Void) {
    var column = 0
    while column < x.layout.depth {
      let columns = column..<min(column + depthAtOnce, x.layout.depth)
      var token = 0
      while token < x.tokens {
        let tokens = token..<min(token + tokensAtOnce, x.tokens)
        var group = x.groups.lowerBound
        while group < x.groups.upperBound {
          let groups = group..<min(group + tileVectors, x.groups.upperBound)
          body(Piece(columns: columns, tokens: tokens, groups: groups))
          group = groups.upperBound
        }
        token = tokens.upperBound
      }
      column = columns.upperBound
    }
  }

  /// One copy for all formats. What lies `ahead` bytes behind the panel is asked for while the first tile is multiplied.
  @inline(never)
  private static func multiply(
    _ x: MatrixArguments, _ piece: Piece, _ panel: UnsafeRawPointer, panelStride: Int, ahead: Int
  ) {
    let aStride = Float32Row(depth: x.layout.depth).bytes / 4
    var rows = piece.tokens.count
    var a = x.activations.assumingMemoryBound(to: Float.self) + piece.tokens.lowerBound * aStride
    a += piece.columns.lowerBound
    var c = x.output + piece.tokens.lowerBound * x.outputStride + piece.groups.lowerBound * 16
    let (depth, accumulate) = (piece.columns.count, piece.columns.lowerBound > 0)
    if ahead != 0 && rows >= tallTileRows && piece.groups.count == tileVectors {
      FloatTile.run(
        a: a, aStride: aStride, b: panel, bStride: 64, panelStride: panelStride, depth: depth, c: c,
        cStride: x.outputStride, accumulate: accumulate, ahead: ahead)
      rows -= tallTileRows
      a += tallTileRows * aStride
      c += tallTileRows * x.outputStride
    }
    multiplyPanel(
      Float32Element.self, rows: rows, vectors: piece.groups.count, a: a, aStride: aStride, b: panel, bStride: 64,
      panelStride: panelStride, depth: depth, c: c, cStride: x.outputStride, accumulate: accumulate)
  }
}
