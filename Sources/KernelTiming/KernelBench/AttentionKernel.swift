import KernelContract

/// An attention kernel as lists name it.
package struct AttentionKernel {
  package enum Body {
    case rows(VectorKernels)
    /// With the conversion of the cache that it needs.
    case tiles(TiledAttention)
  }

  package let isa: InstructionSet
  package let body: Body

  package init(isa: InstructionSet, body: Body) {
    self.isa = isa
    self.body = body
  }

  var name: String {
    switch body {
    case .rows: "attention.f32.\(isa.rawValue)"
    case .tiles: "attention.bf16.\(isa.rawValue)"
    }
  }
}
