import KernelContract

/// The loop around a matvec body, which is given as instances of (streams, tokens).
enum MatvecDriver {
  typealias Body = (
    _ groups: UnsafeRawPointer, _ groupStride: Int, _ layout: PackedLayout, _ activations: UnsafeRawPointer,
    _ output: UnsafeMutablePointer<Float>, _ streamStride: Int, _ outputStride: Int
  ) -> Void

  /// Columns from which a row is long.
  private static let longRow = 2048

  struct Bodies {
    let fourByOne, fourByOneLong, twoByTwo, twoByFour, oneByOne, oneByFour: Body
  }

  /// Runs of groups are read side by side, four for one token and two for more, whose sums need the registers; what is left over
  /// is read alone. Groups stay in cache while their tokens are done.
  @inline(always)
  static func run(_ arguments: MatrixArguments, rowBytes: Int, _ bodies: Bodies) {
    let layout = arguments.layout
    let streams = arguments.tokens == 1 ? 4 : 2
    let run = arguments.groups.count / streams
    func multiply(_ body: Body, _ group: Int, _ token: Int) {
      body(
        arguments.weights + group * layout.groupBytes, run * layout.groupBytes, layout,
        arguments.activations + token * rowBytes, arguments.output + token * arguments.outputStride + group * 16,
        run * 16,
        arguments.outputStride)
    }
    for group in arguments.groups.lowerBound..<arguments.groups.lowerBound + run {
      if arguments.tokens == 1 {
        multiply(layout.depth >= longRow ? bodies.fourByOneLong : bodies.fourByOne, group, 0)
        continue
      }
      var token = 0
      while token < arguments.tokens {
        switch arguments.tokens - token {
        case 4...:
          multiply(bodies.twoByFour, group, token)
          token += 4
        case 2...:
          multiply(bodies.twoByTwo, group, token)
          token += 2
        default:
          multiply(bodies.oneByOne, group, token)
          multiply(bodies.oneByOne, group + run, token)
          token += 1
        }
      }
    }
    for group in arguments.groups.lowerBound + run * streams..<arguments.groups.upperBound {
      var token = 0
      while token < arguments.tokens {
        let four = arguments.tokens - token >= 4
        multiply(four ? bodies.oneByFour : bodies.oneByOne, group, token)
        token += four ? 4 : 1
      }
    }
  }
}
