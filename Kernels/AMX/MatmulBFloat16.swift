import CIntrinsics
import KernelContract

/// Products for many tokens on AMX: two groups are unpacked to bfloat16 panels, whose scales are folded in, and every block of
/// 32 tokens × 32 rows is summed over the whole depth in tile registers.
enum MatmulBFloat16 {
  typealias Unpack = (_ group: UnsafeRawPointer, _ layout: PackedLayout, _ panel: UnsafeMutableRawPointer) -> Void

  @inline(always)
  static func run(_ arguments: MatrixArguments, unpack: Unpack) {
    let panelBytes = arguments.layout.depth * 32
    amx_configure()
    var group = arguments.groups.lowerBound
    while group < arguments.groups.upperBound {
      // An odd last group is multiplied with itself: the tiles have no narrower form that costs less.
      let pair = group + 1 < arguments.groups.upperBound
      for i in 0..<(pair ? 2 : 1) {
        unpack(
          arguments.weights + (group + i) * arguments.layout.groupBytes, arguments.layout,
          arguments.scratch + i * panelBytes)
      }
      multiply(arguments, group, pair)
      group += 2
    }
    amx_release()
  }

  /// One copy for all formats.
  @inline(never)
  private static func multiply(_ arguments: MatrixArguments, _ group: Int, _ pair: Bool) {
    let depth = arguments.layout.depth
    let first = UnsafeRawPointer(arguments.scratch)
    let second = pair ? first + depth * 32 : first
    let tiles = (arguments.tokens + 15) / 16
    var tile = 0
    while tile < tiles {
      let c = arguments.output + tile * 16 * arguments.outputStride + group * 16
      TileBlock.run(
        a: arguments.activations + tile * 16 * depth * 2, aStride: 16 * depth * 2, rowTiles: min(2, tiles - tile),
        first: first, second: second, steps: depth / 32, c: c, c1: pair ? c + 16 : c,
        stride: arguments.outputStride * 4, accumulate: false)
      tile += 2
    }
  }
}
