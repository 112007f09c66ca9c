import KernelContract

/// Every kernel of this instruction set: what is not listed here does not exist.
package enum Table {
  package static func matrices(_ add: @escaping (MatrixKernel) -> Void) {
    forEachFormat(Matrices(add: add))
  }

  package static func peaks(_ add: (PeakProbe) -> Void) { Peak.probes(add) }
  package static func streams(_ add: (StreamProbe) -> Void) { Stream.probes(add) }

  package static let vectors = VectorKernels(
    isa, norm: Elementwise.norm, add: Elementwise.add, scale: Elementwise.scale, siluProduct: Elementwise.siluProduct,
    geluProduct: Elementwise.geluProduct, softcap: Elementwise.softcap, rotateAdjacent: Rotation.adjacent,
    rotateHalves: Rotation.halves, prepare: Prepare.row, roundToBFloat16: Elementwise.roundToBFloat16,
    storeKey: CacheStore.key, storeValue: CacheStore.value, attention: Attention.run)

  package static let sampling = SamplingKernels(
    isa, argmax: LogitReductions.argmax, runMaxima: LogitReductions.runMaxima, weights: LogitWeights.weights,
    runSums: LogitWeights.runSums, sumAtLeast: LogitReductions.sumAtLeast, select: LogitSelection.select,
    sift: LogitSelection.sift)
}

private struct Matrices: FormatVisitor {
  let add: (MatrixKernel) -> Void

  @inline(always)
  func visit<F: FloatFormat>(_: F.Type) {
    add(
      MatrixKernel(.matvec, F.format, .f32, isa) { arguments in
        MatvecDriver.run(
          arguments, rowBytes: Float32Row(depth: arguments.layout.depth).bytes,
          MatvecDriver.Bodies(
            fourByOne: MatvecFloat<F, 4, 1>.run, twoByOne: MatvecFloat<F, 2, 1>.run, twoByTwo: MatvecFloat<F, 2, 2>.run,
            twoByFour: MatvecFloat<F, 2, 4>.run, oneByOne: MatvecFloat<F, 1, 1>.run, oneByFour: MatvecFloat<F, 1, 4>.run
          ))
      })
    if F.isPanel {
      add(MatrixKernel(.matmul, F.format, .f32, isa, run: MatmulFloat.runInPlace))
    } else {
      add(
        MatrixKernel(.matmul, F.format, .f32, isa) { MatmulFloat.run($0) { FloatPanel.unpack(F.self, $0, $1, $2, $3) } }
      )
    }
  }

  @inline(always)
  func visit<F: QuantFormat>(_: F.Type) {
    add(
      MatrixKernel(.matvec, F.format, .int8, isa) { arguments in
        MatvecDriver.run(
          arguments, rowBytes: Int8Row(depth: arguments.layout.depth).bytes,
          MatvecDriver.Bodies(
            fourByOne: MatvecInt8<F, 4, 1>.run, twoByOne: MatvecInt8<F, 2, 1>.run, twoByTwo: MatvecInt8<F, 2, 2>.run,
            twoByFour: MatvecInt8<F, 2, 4>.run, oneByOne: MatvecInt8<F, 1, 1>.run, oneByFour: MatvecInt8<F, 1, 4>.run
          ))
      })
    add(MatrixKernel(.matmul, F.format, .int8, isa, run: MatmulInt8<F>.run))
    add(
      MatrixKernel(.matvec, F.format, .f32, isa) { arguments in
        MatvecDriver.run(
          arguments, rowBytes: Float32Row(depth: arguments.layout.depth).bytes,
          MatvecDriver.Bodies(
            fourByOne: MatvecQuantFloat<F, 4, 1>.run, twoByOne: MatvecQuantFloat<F, 2, 1>.run,
            twoByTwo: MatvecQuantFloat<F, 2, 2>.run,
            twoByFour: MatvecQuantFloat<F, 2, 4>.run, oneByOne: MatvecQuantFloat<F, 1, 1>.run,
            oneByFour: MatvecQuantFloat<F, 1, 4>.run))
      })
    add(
      MatrixKernel(.matmul, F.format, .f32, isa) { MatmulFloat.run($0) { FloatPanel.unpack(F.self, $0, $1, $2, $3) } })
  }
}
