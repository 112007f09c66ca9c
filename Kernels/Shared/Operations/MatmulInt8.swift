import CIntrinsics
import KernelContract

/// Products for many tokens with int8 activations. The weights of a tile's groups are unpacked to bytes, which stay in the first
/// cache while a block of tokens, which stays in the second, is multiplied by them.
enum MatmulInt8<F: QuantFormat> {
  /// 256 tokens × 768 columns take 240 KiB, the panel of two groups 30 to 54.
  private static var tokensAtOnce: Int { 256 }
  private static var blocksAtOnce: Int { 24 }

  static func run(_ x: MatrixArguments) {
    let blocks = x.layout.depth / 32
    let parts = (blocks + blocksAtOnce - 1) / blocksAtOnce
    for part in 0..<parts {
      let blocks = blocks * part / parts..<blocks * (part + 1) / parts
      var token = 0
      while token < x.tokens {
        let tokens = token..<min(token + tokensAtOnce, x.tokens)
        var group = x.groups.lowerBound
        while group < x.groups.upperBound {
          multiply(x, group, blocks, tokens)
          group += byteTileGroups
        }
        token = tokens.upperBound
      }
    }
  }

  private static func multiply(_ x: MatrixArguments, _ group: Int, _ blocks: Range<Int>, _ tokens: Range<Int>) {
    // An odd last group stands in for the one that is missing beside it, and is written twice.
    let step = group + byteTileGroups <= x.groups.upperBound ? 1 : 0
    for i in 0..<byteTileGroups {
      BytePanel.unpack(
        F.self, x.weights + (group + i * step) * x.layout.groupBytes, x.layout, blocks, x.scratch, i,
        of: byteTileGroups)
    }
    let row = Int8Row(depth: x.layout.depth)
    var tile = ByteTileArguments(
      panel: UnsafeRawPointer(x.scratch), row: row, blocks: blocks,
      activations: x.activations + tokens.lowerBound * row.bytes,
      output: x.output + tokens.lowerBound * x.outputStride + group * 16, outputStride: x.outputStride,
      groupStride: step * 16)
    var token = tokens.lowerBound
    while token < tokens.upperBound {
      let wide = token + byteTileTokens <= tokens.upperBound
      if wide { WideByteTile<F>.run(tile) } else { SingleByteTile<F>.run(tile) }
      let count = wide ? byteTileTokens : 1
      tile.activations += count * row.bytes
      tile.output += count * x.outputStride
      token += count
    }
  }
}
