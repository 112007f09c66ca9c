import CIntrinsics
import KernelContract

/// A panel of bytes (`BytePanel`) and the tokens that it is multiplied with.
struct ByteTileArguments {
  var panel: UnsafeRawPointer
  var row: Int8Row
  /// Blocks of 32 columns that the panel holds; what the output held before is added to, from the second range of them on.
  var blocks: Range<Int>
  /// The activations of the first token.
  var activations: UnsafeRawPointer
  var output: UnsafeMutablePointer<Float>
  /// Floats from token to token and from group to group.
  var outputStride: Int
  var groupStride: Int
}

/// V groups × T tokens with sums in registers: exact ones of a span, and Floats of all.
enum ByteTile<F: QuantFormat, let V: Int, let T: Int> {
  @inline(never)
  static func run(_ x: ByteTileArguments) {
    let quads = F.span / 4
    let row = x.row
    let sums = F.span == 32 ? row.scaledSums32 : row.scaledSums16
    var result = InlineArray<V, InlineArray<T, FloatLanes>>(repeating: InlineArray<T, FloatLanes>(repeating: .zero))
    let accumulates = x.blocks.lowerBound > 0
    if accumulates { for j in 0..<T { prefetch_lines(x.output + j * x.outputStride, V * 64) } }
    var panel = x.panel
    for block in x.blocks {
      for half in 0..<32 / F.span {
        var exact = InlineArray<V, InlineArray<T, ByteSum>>(repeating: InlineArray<T, ByteSum>(repeating: ByteSum()))
        for plane in 0..<BytePanel.planes(F.self) {
          for step in 0..<quads {
            let ends = (step + 1) % BytePanel.chain(F.self) == 0 || step + 1 == quads
            for j in 0..<T {
              let four = (x.activations + j * row.bytes).load(
                fromByteOffset: block * 32 + (half * quads + step) * 4, as: Int32.self)
              for v in 0..<V {
                exact[v][j].add(
                  panel.words(((plane * quads + step) * V + v) * 64), four, ends: ends, sixteenfold: plane == 1)
              }
            }
          }
        }
        let scales = panel + BytePanel.planes(F.self) * quads * V * 64
        for j in 0..<T {
          let activation = x.activations + j * row.bytes
          let scale = activation.load(fromByteOffset: row.scales + block * 4, as: Float.self)
          let sum = activation.load(fromByteOffset: sums + (block * (32 / F.span) + half) * 4, as: Float.self)
          for v in 0..<V {
            result[v][j].add(product: exact[v][j].scaled(scales.floats(v * 64)), FloatLanes(repeating: scale))
            result[v][j].add(product: scales.floats((V + v) * 64), FloatLanes(repeating: sum))
          }
        }
        panel += BytePanel.spanBytes(F.self, groups: V)
      }
    }
    // All are read before any is written: the groups may be the same.
    if accumulates {
      for v in 0..<V { for j in 0..<T { result[v][j] += x.output.lanes(v * x.groupStride + j * x.outputStride) } }
    }
    for v in 0..<V { for j in 0..<T { x.output.store(result[v][j], v * x.groupStride + j * x.outputStride) } }
  }
}
