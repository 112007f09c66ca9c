/// The function of the gate in a gated feed-forward: silu(x) = x·σ(x), or gelu by its tanh form.
package enum GateFunction: String, Codable, Sendable {
  case silu, gelu

  /// The operation on rows that multiplies the function of one row by another.
  package var operation: KernelOperation { self == .silu ? .swiglu : .geglu }
}

/// output = gate function(gate · x) · (up · x), written as the prepared bfloat16 activations of the product that follows, so that
/// neither product leaves the cache in Float.
package struct GatedArguments {
  /// `tokens` prepared in bfloat16, and the 16-row groups of both matrices that this call computes. What `gate` and `up` hold of
  /// output is not used.
  package var gate: MatrixArguments
  package var up: MatrixArguments
  package var unpackGate: UnpackPanel
  package var unpackUp: UnpackPanel
  package var function: GateFunction
  /// Tiles of 16 tokens × 32 columns for `depth` columns (`ActivationFormat.bf16`).
  package var output: UnsafeMutableRawPointer
  package var depth: Int

  package init(
    gate: MatrixArguments, up: MatrixArguments, unpackGate: @escaping UnpackPanel, unpackUp: @escaping UnpackPanel,
    function: GateFunction, output: UnsafeMutableRawPointer, depth: Int
  ) {
    self.gate = gate
    self.up = up
    self.unpackGate = unpackGate
    self.unpackUp = unpackUp
    self.function = function
    self.output = output
    self.depth = depth
  }
}

package struct GatedProduct: Sendable {
  package let isa: InstructionSet
  package let run: @Sendable (GatedArguments) -> Void

  package init(_ isa: InstructionSet, run: @escaping @Sendable (GatedArguments) -> Void) {
    self.isa = isa
    self.run = run
  }

  package var identity: KernelIdentity { KernelIdentity(.gateUp, activations: .bf16, isa: isa) }
}
