/// output[token][row] = Σ over columns of weights[row][column] · activations[token][column]
package struct MatrixArguments {
  /// A packed matrix (`PackedLayout`), 64-byte aligned.
  package var weights: UnsafeRawPointer
  package var layout: PackedLayout
  /// The 16-row groups that this call computes.
  package var groups: Range<Int>
  /// Rows prepared in the kernel's activation format.
  package var activations: UnsafeRawPointer
  package var tokens: Int
  /// Row-major; holds `paddedTokens(tokens)` rows, each of a whole number of groups. No aliasing with the inputs.
  package var output: UnsafeMutablePointer<Float>
  /// Floats from one token's output to the next.
  package var outputStride: Int
  /// This thread's own, `scratchBytes(depth:)` long, 64-byte aligned.
  package var scratch: UnsafeMutableRawPointer

  package init(
    weights: UnsafeRawPointer, layout: PackedLayout, groups: Range<Int>, activations: UnsafeRawPointer, tokens: Int,
    output: UnsafeMutablePointer<Float>, outputStride: Int, scratch: UnsafeMutableRawPointer
  ) {
    self.weights = weights
    self.layout = layout
    self.groups = groups
    self.activations = activations
    self.tokens = tokens
    self.output = output
    self.outputStride = outputStride
    self.scratch = scratch
  }
}

/// Writes some 32-column blocks of a packed group as a panel of bfloat16 pairs, [column pair][16 rows][2], 1024 bytes a block.
package typealias UnpackPanel =
  @Sendable (
    _ group: UnsafeRawPointer, _ layout: PackedLayout, _ blocks: Range<Int>, _ panel: UnsafeMutableRawPointer
  ) -> Void

/// A matrix product with packed weights: `matvec` unpacks as it multiplies and suits few tokens, `matmul` unpacks a panel of
/// groups once and then multiplies all tokens by it. A value: threads that counted references to one object would wait for each other.
package struct MatrixKernel: Sendable {
  /// `matvec` or `matmul`.
  package let operation: KernelOperation
  package let format: WeightFormat
  package let activations: ActivationFormat
  package let isa: InstructionSet
  package let run: @Sendable (MatrixArguments) -> Void
  /// How a product on bfloat16 tiles reads its weights; does nothing in others.
  package let unpack: UnpackPanel

  package init(
    _ operation: KernelOperation, _ format: WeightFormat, _ activations: ActivationFormat, _ isa: InstructionSet,
    unpack: @escaping UnpackPanel = { _, _, _, _ in }, run: @escaping @Sendable (MatrixArguments) -> Void
  ) {
    self.operation = operation
    self.format = format
    self.activations = activations
    self.isa = isa
    self.unpack = unpack
    self.run = run
  }

  package var identity: KernelIdentity {
    KernelIdentity(operation, weights: format, activations: activations, isa: isa)
  }

  /// Tokens are computed in whole tiles by AMX; the rows past the last token are scratch.
  package static func paddedTokens(_ tokens: Int) -> Int { (tokens + 15) / 16 * 16 }

  /// Two panels of one group each in Float over the whole depth, or what tiles need.
  package static func scratchBytes(depth: Int) -> Int {
    max(2 * depth * PackedLayout.groupRows * 4, TileBlocking.panelBytes + TileBlocking.sumBytes)
  }

  /// Weights and activations read once, the product written once; the file's bytes, not the packed ones.
  package static func cost(format: WeightFormat, rows: Int, columns: Int, tokens: Int) -> OperationCost {
    OperationCost(
      flops: 2 * rows * columns * tokens,
      bytesRead: format.bytes(of: columns) * rows + 4 * columns * tokens,
      bytesWritten: 4 * rows * tokens)
  }
}

/// How products on matrix tiles are cut so that weights and sums stay in the second cache (2 MiB on the first processors with
/// AMX) and 32 tokens of activations in the first.
package enum TileBlocking {
  package static let tokens = 512
  package static let groups = 32
  package static let depth = 512
  /// A rest up to here is not cut off.
  package static let longestDepth = 640
  /// Panels of bfloat16.
  package static let panelBytes = groups * PackedLayout.groupRows * longestDepth * 2
  /// Floats from one token's sums to the next, a line more than they are: rows a power of two apart share few places of a cache.
  package static let sumStride = groups * PackedLayout.groupRows + 16
  /// Sums of a block of tokens, which begin behind the panels.
  package static let sumBytes = tokens * sumStride * 4
}
