import KernelContract

/// The loop around a matvec body, which is given as instances of (streams, tokens).
enum MatvecDriver {
  typealias Body = (
    _ groups: UnsafeRawPointer, _ groupStride: Int, _ layout: PackedLayout, _ activations: UnsafeRawPointer,
    _ output: UnsafeMutablePointer<Float>, _ streamStride: Int, _ outputStride: Int
  ) -> Void

  struct Bodies {
    let fourByOne, twoByOne, twoByTwo, twoByFour, oneByOne, oneByFour: Body
  }

  /// Runs of groups are read side by side, four for one token and two for more, whose sums need the registers; what is left over
  /// goes to fewer streams. Groups stay in cache while their tokens are done.
  @inline(always)
  static func run(_ x: MatrixArguments, rowBytes: Int, _ bodies: Bodies) {
    let bytes = x.layout.groupBytes
    var first = x.groups.lowerBound
    func sideBySide(_ streams: Int, _ body: (_ tokensLeft: Int) -> (tokens: Int, Body)) {
      let run = (x.groups.upperBound - first) / streams
      for group in first..<first + run {
        var token = 0
        while token < x.tokens {
          let (tokens, body) = body(x.tokens - token)
          body(
            x.weights + group * bytes, run * bytes, x.layout, x.activations + token * rowBytes,
            x.output + token * x.outputStride + group * 16, run * 16, x.outputStride)
          token += tokens
        }
      }
      first += run * streams
    }
    if x.tokens == 1 { sideBySide(4) { _ in (1, bodies.fourByOne) } }
    sideBySide(2) { $0 >= 4 ? (4, bodies.twoByFour) : $0 >= 2 ? (2, bodies.twoByTwo) : (1, bodies.twoByOne) }
    sideBySide(1) { $0 >= 4 ? (4, bodies.oneByFour) : (1, bodies.oneByOne) }
  }
}
