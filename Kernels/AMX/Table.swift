import KernelContract

/// Products on tiles for every format, and what else tiles do.
package enum Table {
  package static func matrices(_ add: @escaping (MatrixKernel) -> Void) {
    forEachFormat(Matrices(add: add))
  }

  package static let gated = GatedProduct(isa, run: GatedBFloat16.run)
  package static func peaks(_ add: (PeakProbe) -> Void) { PeakTiles.probes(add) }

  package static let attention = TiledAttention(isa, convert: CachePanels.convert, run: AttentionBFloat16.run)
}

private struct Matrices: FormatVisitor {
  let add: (MatrixKernel) -> Void

  @inline(always)
  func visit<F: FloatFormat>(_: F.Type) {
    add(bfloat16(F.format) { BFloat16Panel.unpack(F.self, $0, $1, $2, $3) })
  }

  @inline(always)
  func visit<F: QuantFormat>(_: F.Type) {
    add(bfloat16(F.format) { BFloat16Panel.unpack(F.self, $0, $1, $2, $3) })
  }

  private func bfloat16(_ format: WeightFormat, _ unpack: @escaping UnpackPanel) -> MatrixKernel {
    MatrixKernel(.matmul, format, .bf16, isa, unpack: unpack) { MatmulBFloat16.run($0, unpack) }
  }
}
