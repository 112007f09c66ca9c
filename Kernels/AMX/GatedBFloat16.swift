import CIntrinsics
import KernelContract

/// Both products of a gated feed-forward and what joins them, a block of both matrices at a time.
enum GatedBFloat16 {
  static func run(_ x: GatedArguments) {
    let half = TileBlocking.groups / 2
    let upPanels = x.gate.scratch + TileBlocking.panelBytes / 2
    let sums = (x.gate.scratch + TileBlocking.panelBytes).assumingMemoryBound(to: Float.self)
    let stride = TileBlocking.sumStride
    amx_configure()
    TileBlocks.forEach(x.gate, groups: half) { block in
      block.unpack(x.gate, x.unpackGate, to: x.gate.scratch)
      block.unpack(x.up, x.unpackUp, to: upPanels)
      var part = block
      var token = block.tokens.lowerBound
      while token < block.tokens.upperBound {
        part.tokens = token..<(token + 32 < block.tokens.upperBound ? token + 32 : block.tokens.upperBound)
        // Sums that are complete at once are joined while they are in the first cache, and the next take their place.
        let isWhole = block.isFirst && block.isLast
        let gate = sums + (isWhole ? 0 : (token - block.tokens.lowerBound) * stride)
        let up = gate + half * 16
        part.multiply(
          x.gate, x.gate.scratch, from: block.isFirst ? nil : gate, to: gate, fromStride: stride, toStride: stride)
        part.multiply(x.up, upPanels, from: block.isFirst ? nil : up, to: up, fromStride: stride, toStride: stride)
        if block.isLast { join(x, part, gate, up) }
        token += 32
      }
    }
    amx_release()
  }

  private static func join(
    _ x: GatedArguments, _ block: TileBlocks, _ gate: UnsafeMutablePointer<Float>, _ up: UnsafeMutablePointer<Float>
  ) {
    for token in block.tokens {
      let row = (token - block.tokens.lowerBound) * TileBlocking.sumStride
      let target = x.output + token / 16 * 16 * x.depth * 2 + token % 16 * 64
      for group in block.groups {
        let i = row + (group - block.groups.lowerBound) * 16
        let g = gate.lanes(i)
        let value =
          switch x.function {
          case .silu: quickSilu(g)
          case .gelu: quickGelu(g)
          }
        store_low_halves(target + group / 2 * 1024 + group % 2 * 32, bfloat16Bits(value * up.lanes(i)))
      }
    }
  }
}
