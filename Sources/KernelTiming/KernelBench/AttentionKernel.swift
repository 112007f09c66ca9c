import KernelContract

/// A kernel of attention: on rows, or on tiles with the conversion of the cache that they need.
package enum AttentionKernel {
  case rows(VectorKernels)
  case tiles(TiledAttention)

  var identity: KernelIdentity {
    switch self {
    case .rows(let vectors): vectors.identity(.attention)
    case .tiles(let tiled): tiled.identity
    }
  }
}
