import KernelContract

/// AMX multiplies matrices; everything else is taken from the instruction sets below it.
package enum Table {
  package static func matrices(_ add: @escaping (MatrixKernel) -> Void) {
    forEachFormat(Matrices(add: add))
  }

  package static let attention = TiledAttention(convert: CachePanels.convert, run: AttentionBFloat16.run)
}

private struct Matrices: FormatVisitor {
  let add: (MatrixKernel) -> Void

  @inline(always)
  func visit<F: FloatFormat>(_: F.Type) {
    add(
      MatrixKernel(.matmul, F.format, .bf16, isa) {
        MatmulBFloat16.run($0) { BFloat16Panel.unpack(F.self, $0, $1, $2) }
      })
  }

  @inline(always)
  func visit<F: QuantFormat>(_: F.Type) {
    add(
      MatrixKernel(.matmul, F.format, .bf16, isa) {
        MatmulBFloat16.run($0) { BFloat16Panel.unpack(F.self, $0, $1, $2) }
      })
  }
}
