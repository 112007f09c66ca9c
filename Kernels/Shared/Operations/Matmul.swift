import CIntrinsics
import KernelContract

/// Products for many tokens in Float: two groups are unpacked to panels, then all tokens are multiplied by them.
enum MatmulFloat {
  typealias Unpack = (_ group: UnsafeRawPointer, _ layout: PackedLayout, _ panel: UnsafeMutablePointer<Float>) -> Void

  @inline(always)
  static func run(_ arguments: MatrixArguments, unpack: Unpack) {
    let depth = arguments.layout.depth
    let panel = arguments.scratch.assumingMemoryBound(to: Float.self)
    var group = arguments.groups.lowerBound
    while group < arguments.groups.upperBound {
      let count = group + 1 < arguments.groups.upperBound ? 2 : 1
      for i in 0..<count {
        unpack(
          arguments.weights + (group + i) * arguments.layout.groupBytes, arguments.layout, panel + i * depth * 16)
      }
      multiply(arguments, panel, group, count)
      group += count
    }
  }

  /// One copy for all formats.
  @inline(never)
  private static func multiply(
    _ arguments: MatrixArguments, _ panel: UnsafeMutablePointer<Float>, _ group: Int, _ groups: Int
  ) {
    let depth = arguments.layout.depth
    let aStride = Float32Row(depth: depth).bytes / 4
    let a = arguments.activations.assumingMemoryBound(to: Float.self)
    let c = arguments.output + group * 16
    multiplyPanel(
      Float32Element.self, rows: arguments.tokens, vectors: groups, a: a, aStride: aStride, b: panel, bStride: 64,
      panelStride: depth * 64, depth: depth, c: c, cStride: arguments.outputStride, accumulate: false)
  }
}
