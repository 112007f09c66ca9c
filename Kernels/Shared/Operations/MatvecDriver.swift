import KernelContract

/// The loop around a matvec body, which is given as instances of (streams, tokens).
enum MatvecDriver {
  typealias Body = (
    _ groups: UnsafeRawPointer, _ groupStride: Int, _ layout: PackedLayout, _ activations: UnsafeRawPointer,
    _ output: UnsafeMutablePointer<Float>, _ streamStride: Int, _ outputStride: Int
  ) -> Void

  struct Bodies {
    let fourByOne, fourByTwo, fourByFour, oneByOne, oneByFour: Body
  }

  /// The range is cut into four runs of groups that are read side by side, and up to three groups that are left. Four groups stay
  /// in cache while their tokens are done four, two and one at a time.
  @inline(always)
  static func run(_ arguments: MatrixArguments, rowBytes: Int, _ bodies: Bodies) {
    let layout = arguments.layout
    let stride = layout.groupBytes
    let run = arguments.groups.count / 4
    for g in 0..<run {
      let group = arguments.groups.lowerBound + g
      var token = 0
      while token < arguments.tokens {
        let rest = arguments.tokens - token
        let body = rest >= 4 ? bodies.fourByFour : rest >= 2 ? bodies.fourByTwo : bodies.fourByOne
        body(
          arguments.weights + group * stride, run * stride, layout, arguments.activations + token * rowBytes,
          arguments.output + token * arguments.outputStride + group * 16, run * 16, arguments.outputStride)
        token += rest >= 4 ? 4 : rest >= 2 ? 2 : 1
      }
    }
    for group in arguments.groups.lowerBound + run * 4..<arguments.groups.upperBound {
      var token = 0
      while token < arguments.tokens {
        let four = arguments.tokens - token >= 4
        (four ? bodies.oneByFour : bodies.oneByOne)(
          arguments.weights + group * stride, 0, layout, arguments.activations + token * rowBytes,
          arguments.output + token * arguments.outputStride + group * 16, 0, arguments.outputStride)
        token += four ? 4 : 1
      }
    }
  }
}
