import CIntrinsics
import KernelContract

/// Independent chains of multiply-adds on registers, as many (`peakChains`) as cover the latency of an addition on every port.
/// An operand passes through `opaque` before each use, or the compiler would multiply once, ahead of the loop.
enum Peak {
  static func probes(_ add: (PeakProbe) -> Void) {
    add(PeakProbe(.f32, isa, multiplyAdds: peakChains * 16, run: floats))
    add(PeakProbe(.int8, isa, multiplyAdds: peakChains * quadsOfSpan * 64, run: bytes))
  }

  private static func floats(_ iterations: Int) -> Int {
    var sums = PeakChains<FloatLanes> { _ in .zero }
    var x = FloatLanes(repeating: 0.5)
    // A 2 that the compiler cannot see: it would add x to itself instead of multiplying.
    let y = FloatLanes(repeating: opaque(FloatLanes(repeating: 2))[0])
    for _ in 0..<iterations {
      for i in 0..<peakChains {
        x = opaque(x)
        sums[i].add(product: x, y)
      }
    }
    var count = FloatLanes.zero
    for i in 0..<peakChains { count += sums[i] }
    return Int(sum_lanes(count))
  }

  /// Quads of a span of 32 columns: as many sums of pairs as formats of four bits put into 16 bits. A dot product needs no such sums.
  @inline(always) private static var quadsOfSpan: Int { addsPairs ? 8 : 1 }

  private static func bytes(_ iterations: Int) -> Int {
    var sums = PeakChains<IntLanes> { _ in .zero }
    var x = WordLanes(repeating: 0x0101_0101)
    let y = Int32(bitPattern: hidden(x)[0])
    for _ in 0..<iterations {
      for i in 0..<peakChains {
        #if FUSED
          if addsPairs {
            // The pairs are chains of their own, so that sums of two hide what latency there is, and leave registers.
            var pairs = WordLanes.zero
            for _ in 0..<quadsOfSpan {
              x = hidden(x)
              pairs = add_pairs(pairs, x, y)
            }
            sums[i & 1] = sum_pairs(sums[i & 1], pairs, 1)
            continue
          }
        #endif
        x = hidden(x)
        sums[i] = dot4(sums[i], x, y)
      }
    }
    var count = FloatLanes.zero
    for i in 0..<peakChains { count += to_float(sums[i]) }
    return Int(sum_lanes(count))
  }

  @inline(always) private static var addsPairs: Bool { has_dot4() == 0 }

  /// The words themselves, through which the compiler does not see.
  @inline(always) private static func hidden(_ words: WordLanes) -> WordLanes {
    WordLanes(lanes: opaque(FloatLanes(lanes: words)))
  }
}
