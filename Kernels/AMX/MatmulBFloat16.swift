import CIntrinsics
import KernelContract

/// Products for many tokens on AMX. A block of weights is unpacked to bfloat16 panels, scales folded in, that stay in the second
/// cache; 32 tokens of activations at a time pass through the first and meet every panel of the block there.
enum MatmulBFloat16 {
  static func run(_ x: MatrixArguments, _ unpack: UnpackPanel) {
    // Sums stay in the scratch memory until the depth is done.
    let sums = (x.scratch + TileBlocking.panelBytes).assumingMemoryBound(to: Float.self)
    amx_configure()
    TileBlocks.forEach(x, groups: TileBlocking.groups) { block in
      block.unpack(x, unpack, to: x.scratch)
      let output = x.output + block.tokens.lowerBound * x.outputStride + block.groups.lowerBound * 16
      block.multiply(
        x, x.scratch, from: block.isFirst ? nil : sums, to: block.isLast ? output : sums,
        fromStride: TileBlocking.sumStride, toStride: block.isLast ? x.outputStride : TileBlocking.sumStride)
    }
    amx_release()
  }
}
