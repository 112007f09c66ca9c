import CIntrinsics
import KernelContract

/// Products for many tokens in Float. A block of activations stays in the second cache while, two groups at a time, the weights
/// of its columns are unpacked to panels and multiplied with it.
enum MatmulFloat {
  /// Writes the columns of some 32-column blocks of a group, 2048 bytes a block.
  typealias Unpack = (
    _ group: UnsafeRawPointer, _ layout: PackedLayout, _ blocks: Range<Int>, _ panel: UnsafeMutablePointer<Float>
  ) -> Void

  /// 336 tokens (whole tiles of every height) × 512 columns take 0.7 MiB, two panels 64 KiB.
  private static let tokenBlock = 336
  private static let depthBlock = 512

  @inline(always)
  static func run(_ x: MatrixArguments, unpack: Unpack) {
    let panel = x.scratch.assumingMemoryBound(to: Float.self)
    var column = 0
    while column < x.layout.depth {
      let depth = min(depthBlock, x.layout.depth - column)
      var token = 0
      while token < x.tokens {
        let tokens = min(tokenBlock, x.tokens - token)
        var group = x.groups.lowerBound
        while group < x.groups.upperBound {
          let count = group + 1 < x.groups.upperBound ? 2 : 1
          for i in 0..<count {
            unpack(
              x.weights + (group + i) * x.layout.groupBytes, x.layout, column / 32..<(column + depth) / 32,
              panel + i * depth * 16)
          }
          multiply(x, panel, group, count, token, tokens, column, depth)
          group += count
        }
        token += tokens
      }
      column += depth
    }
  }

  /// One copy for all formats.
  @inline(never)
  private static func multiply(
    _ x: MatrixArguments, _ panel: UnsafeMutablePointer<Float>, _ group: Int, _ groups: Int, _ token: Int,
    _ tokens: Int, _ column: Int, _ depth: Int
  ) {
    let aStride = Float32Row(depth: x.layout.depth).bytes / 4
    multiplyPanel(
      Float32Element.self, rows: tokens, vectors: groups,
      a: x.activations.assumingMemoryBound(to: Float.self) + token * aStride + column, aStride: aStride, b: panel,
      bStride: 64, panelStride: depth * 64, depth: depth, c: x.output + token * x.outputStride + group * 16,
      cStride: x.outputStride, accumulate: column > 0)
  }
}
