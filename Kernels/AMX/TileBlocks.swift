import CIntrinsics
import KernelContract

/// Tokens, 16-row groups and steps of 32 columns that are multiplied while they are in cache (`KernelContract.TileBlocking`).
struct TileBlocks {
  var tokens = 0..<0
  var groups = 0..<0
  var steps = 0..<0
  /// Whether nothing was summed before, and whether nothing follows.
  var isFirst: Bool { steps.lowerBound == 0 }
  var isLast = false

  /// Calls `body` for every block of a product, its depth innermost. Panels that few tokens meet, unpacked as fast as they are
  /// multiplied, are cut so short that they never leave the first cache.
  @inline(always)
  static func forEach(_ x: MatrixArguments, groups: Int, _ body: (TileBlocks) -> Void) {
    let depth = x.layout.depth / 32
    let areFew = x.tokens <= 32
    let groups = areFew ? 2 : groups
    let steps = areFew ? 4 : TileBlocking.depth / 32
    let longest = areFew ? 4 : TileBlocking.longestDepth / 32
    var block = TileBlocks()
    while block.tokens.upperBound < x.tokens {
      block.tokens = next(after: block.tokens, TileBlocking.tokens, before: x.tokens)
      block.groups = x.groups.lowerBound..<x.groups.lowerBound
      while block.groups.upperBound < x.groups.upperBound {
        block.groups = next(after: block.groups, groups, before: x.groups.upperBound)
        block.steps = 0..<0
        while block.steps.upperBound < depth {
          let rest = depth - block.steps.upperBound
          let length = rest <= longest ? rest : steps
          block.steps = next(after: block.steps, length, before: depth)
          block.isLast = block.steps.upperBound == depth
          body(block)
        }
      }
    }
  }

  private static func next(after range: Range<Int>, _ length: Int, before end: Int) -> Range<Int> {
    let upper = range.upperBound + length
    return range.upperBound..<(upper < end ? upper : end)
  }

  /// Unpacks the block's part of the weights.
  @inline(always)
  func unpack(_ x: MatrixArguments, _ unpack: UnpackPanel, to panels: UnsafeMutableRawPointer) {
    for group in groups {
      unpack(
        x.weights + group * x.layout.groupBytes, x.layout, steps,
        panels + (group - groups.lowerBound) * steps.count * 1024)
    }
  }

  /// to[token][row] = (from +) activations · panels, both [token][16 rows a group] from the block's first token and row on.
  func multiply(
    _ x: MatrixArguments, _ panels: UnsafeRawPointer, from: UnsafeMutablePointer<Float>?,
    to: UnsafeMutablePointer<Float>, fromStride: Int, toStride: Int
  ) {
    let aStride = x.layout.depth * 32
    let panelBytes = steps.count * 1024
    let tiles = (tokens.count + 15) / 16
    // While 32 tokens meet a pair of panels, a part of the next 32 is fetched to the second cache.
    let part = (panelBytes / ((groups.count + 1) / 2) + 63) / 64 * 64
    var tile = 0
    while tile < tiles {
      let a = x.activations + (tokens.lowerBound / 16 + tile) * aStride + steps.lowerBound * 1024
      var i = 0
      while i < groups.count {
        if tokens.lowerBound + tile * 16 + 32 < x.tokens {
          prefetch_lines(a + 2 * aStride + i / 2 * part, part)
          prefetch_lines(a + 3 * aStride + i / 2 * part, part)
        }
        // An odd last group is multiplied with itself: the tiles have no narrower form that costs less.
        let j = i + 1 < groups.count ? i + 1 : i
        TileBlock.run(
          a: a, aStride: aStride, rowTiles: tiles - tile < 2 ? 1 : 2, first: panels + i * panelBytes,
          second: panels + j * panelBytes, steps: steps.count,
          from: from.map { TileColumns($0 + tile * 16 * fromStride, i, j, stride: fromStride) },
          to: TileColumns(to + tile * 16 * toStride, i, j, stride: toStride))
        i += 2
      }
      tile += 2
    }
  }
}
