import KernelContract

/// The loop around a matvec body, which is given as its (4 streams, 1 token), (1, 1), (1, 2) and (1, 4) instances.
enum MatvecDriver {
  typealias Body = (
    _ groups: UnsafeRawPointer, _ groupStride: Int, _ layout: PackedLayout, _ activations: UnsafeRawPointer,
    _ output: UnsafeMutablePointer<Float>, _ streamStride: Int, _ outputStride: Int
  ) -> Void

  /// One token: the range is cut into four runs of groups that are read side by side.
  /// More tokens: a group stays in cache while its tokens are done four, two and one at a time.
  @inline(always)
  static func run(
    _ arguments: MatrixArguments, rowBytes: Int, fourStreams: Body, oneToken: Body, twoTokens: Body, fourTokens: Body
  ) {
    let layout = arguments.layout
    let weights = arguments.weights
    let output = arguments.output
    let stride = layout.groupBytes
    if arguments.tokens == 1 {
      let run = arguments.groups.count / 4
      for g in 0..<run {
        let group = arguments.groups.lowerBound + g
        fourStreams(
          weights + group * stride, run * stride, layout, arguments.activations, output + group * 16, run * 16,
          arguments.outputStride)
      }
      for group in arguments.groups.lowerBound + run * 4..<arguments.groups.upperBound {
        oneToken(
          weights + group * stride, 0, layout, arguments.activations, output + group * 16, 0, arguments.outputStride)
      }
      return
    }
    for group in arguments.groups {
      var token = 0
      while token < arguments.tokens {
        let rest = arguments.tokens - token
        let activations = arguments.activations + token * rowBytes
        let target = output + token * arguments.outputStride + group * 16
        let body = rest >= 4 ? fourTokens : rest >= 2 ? twoTokens : oneToken
        body(weights + group * stride, 0, layout, activations, target, 0, arguments.outputStride)
        token += rest >= 4 ? 4 : rest >= 2 ? 2 : 1
      }
    }
  }
}
