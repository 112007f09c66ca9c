import CIntrinsics
import KernelContract

// Products for few tokens: weights go from memory through registers into the sums, each read once for `T` tokens.
// `S` groups are read side by side, because one sequential stream takes only about two thirds of a core's bandwidth.

/// int8 activations: exact integer sums of a span, then one multiply-add by the scales.
enum MatvecInt8<F: QuantFormat, let S: Int, let T: Int> {
  /// Blocks that are asked for beforehand: the processor does not follow as many streams as one stream's planes and groups are.
  private static var ahead: Int { 8 }

  @inline(always)
  static func run(
    _ groups: UnsafeRawPointer, _ groupStride: Int, _ layout: PackedLayout, _ activations: UnsafeRawPointer,
    _ output: UnsafeMutablePointer<Float>, _ streamStride: Int, _ outputStride: Int
  ) {
    let row = Int8Row(depth: layout.depth)
    let quadsOfSpan = F.span / 4
    let sums = F.span == 32 ? row.sums32 : row.sums16
    let scaledSums = F.span == 32 ? row.scaledSums32 : row.scaledSums16
    var result = InlineArray<S, InlineArray<T, FloatLanes>>(repeating: InlineArray<T, FloatLanes>(repeating: .zero))
    let blocks = layout.depth / 32
    // Streams of several tokens take turns quad by quad, so that sums which wait for one another lie far apart; one token waits for
    // memory, and is read further ahead stream by stream.
    let together = T == 1 ? 1 : S
    func stream(_ s: Int) -> UnsafeRawPointer { groups + s * groupStride }
    for block in 0..<blocks {
      for first in 0..<S / together {
        // Behind the last block comes the group that this stream reads next.
        let next = block + ahead
        for k in 0..<together {
          let group = stream(first * together + k)
          prefetchBlock(
            F.self, next < blocks ? group : group + layout.groupBytes, layout, next < blocks ? next : next - blocks)
        }
        for half in 0..<32 / F.span {
          let span = block * (32 / F.span) + half
          var exact = InlineArray<S, InlineArray<T, ByteSum>>(repeating: InlineArray<T, ByteSum>(repeating: ByteSum()))
          if F.offset != 0 {
            for j in 0..<T {
              let sum = (activations + j * row.bytes + sums).load(fromByteOffset: span * 4, as: Int32.self)
              for k in 0..<together { exact[k][j] = ByteSum(-F.offset &* sum) }
            }
          }
          for step in 0..<quadsOfSpan {
            let t = half * quadsOfSpan + step
            for k in 0..<together {
              let quad = F.quad(stream(first * together + k), layout, block, t)
              for j in 0..<T {
                let four = (activations + j * row.bytes).load(fromByteOffset: block * 32 + t * 4, as: Int32.self)
                if F.chain == 0 {
                  exact[k][j].addWide(quad, four)
                } else {
                  exact[k][j].add(quad, four, ends: (step + 1) % F.chain == 0 || step + 1 == quadsOfSpan)
                }
              }
            }
          }
          for k in 0..<together {
            let scales = F.scales(stream(first * together + k), layout, block, half)
            for j in 0..<T {
              let scale = (activations + j * row.bytes + row.scales).load(fromByteOffset: block * 4, as: Float.self)
              result[first * together + k][j].add(
                product: exact[k][j].scaled(scales.scale), FloatLanes(repeating: scale))
              if F.hasMinimum {
                let sum = (activations + j * row.bytes + scaledSums).load(fromByteOffset: span * 4, as: Float.self)
                result[first * together + k][j].add(product: scales.minimum, FloatLanes(repeating: sum))
              }
            }
          }
        }
      }
    }
    for s in 0..<S { for j in 0..<T { (output + s * streamStride).store(result[s][j], j * outputStride) } }
  }
}

/// Float activations, quantised weights: the sum of a span in quants first, then one multiply-add by the scales.
enum MatvecQuantFloat<F: QuantFormat, let S: Int, let T: Int> {
  @inline(always)
  static func run(
    _ groups: UnsafeRawPointer, _ groupStride: Int, _ layout: PackedLayout, _ activations: UnsafeRawPointer,
    _ output: UnsafeMutablePointer<Float>, _ streamStride: Int, _ outputStride: Int
  ) {
    let row = Float32Row(depth: layout.depth)
    let quadsOfSpan = F.span / 4
    let sums = F.span == 32 ? row.sums32 : row.sums16
    var result = InlineArray<S, InlineArray<T, FloatLanes>>(repeating: InlineArray<T, FloatLanes>(repeating: .zero))
    for block in 0..<layout.depth / 32 {
      for s in 0..<S {
        let group = groups + s * groupStride
        for half in 0..<32 / F.span {
          let span = block * (32 / F.span) + half
          // Two chains a token: one alone would wait on the latency of the multiply-add.
          var even = InlineArray<T, FloatLanes>(repeating: .zero)
          var odd = InlineArray<T, FloatLanes>(repeating: .zero)
          for step in 0..<quadsOfSpan {
            let t = half * quadsOfSpan + step
            let quad = F.quad(group, layout, block, t)
            for byte in 0..<4 {
              let weights = quant(quad, byte)
              for j in 0..<T {
                let column = (block * 32 + t * 4 + byte) * 4
                let a = FloatLanes(
                  repeating: (activations + j * row.bytes).load(fromByteOffset: column, as: Float.self))
                if byte & 1 == 0 { even[j].add(product: weights, a) } else { odd[j].add(product: weights, a) }
              }
            }
          }
          let scales = F.scales(group, layout, block, half)
          for j in 0..<T {
            let sum = FloatLanes(
              repeating: (activations + j * row.bytes + sums).load(fromByteOffset: span * 4, as: Float.self))
            result[s][j].add(product: scales.scale, even[j] + odd[j])
            if F.hasMinimum {
              result[s][j].add(product: scales.minimum, sum)
            } else {
              result[s][j].add(product: scales.scale * FloatLanes(repeating: -Float(F.offset)), sum)
            }
          }
        }
      }
    }
    for s in 0..<S { for j in 0..<T { (output + s * streamStride).store(result[s][j], j * outputStride) } }
  }
}

/// Float activations, floating-point weights.
enum MatvecFloat<F: FloatFormat, let S: Int, let T: Int> {
  @inline(always)
  static func run(
    _ groups: UnsafeRawPointer, _ groupStride: Int, _ layout: PackedLayout, _ activations: UnsafeRawPointer,
    _ output: UnsafeMutablePointer<Float>, _ streamStride: Int, _ outputStride: Int
  ) {
    let row = Float32Row(depth: layout.depth)
    var even = InlineArray<S, InlineArray<T, FloatLanes>>(repeating: InlineArray<T, FloatLanes>(repeating: .zero))
    var odd = InlineArray<S, InlineArray<T, FloatLanes>>(repeating: InlineArray<T, FloatLanes>(repeating: .zero))
    for pair in 0..<layout.depth / 2 {
      for s in 0..<S {
        // Behind a group comes the one that this stream reads next.
        prefetch_lines(groups + s * groupStride + (pair + 64) * F.pairBytes, F.pairBytes)
        let (first, second) = F.columns(groups + s * groupStride, pair * 2)
        for j in 0..<T {
          let a = activations + j * row.bytes + pair * 8
          even[s][j].add(product: first, FloatLanes(repeating: a.load(as: Float.self)))
          odd[s][j].add(product: second, FloatLanes(repeating: a.load(fromByteOffset: 4, as: Float.self)))
        }
      }
    }
    for s in 0..<S { for j in 0..<T { (output + s * streamStride).store(even[s][j] + odd[s][j], j * outputStride) } }
  }
}
