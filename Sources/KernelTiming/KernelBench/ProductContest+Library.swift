import Kernels
import Model

extension ProductContest {
  /// The same weights as rows of Floats.
  func plainRows(copies: Copies) throws -> BenchMemory {
    let matrix = matrix
    let bytes = matrix.rowBytes * shape.rows
    let rowCount = shape.rows
    return try BenchMemory(
      bytes: bytes, copies: copies(bytes), pool: pool,
      part: { part, parts in
        let rows = share(rowCount, part: part, of: parts)
        return rows.lowerBound * matrix.rowBytes..<rows.upperBound * matrix.rowBytes
      },
      write: { part, parts, target in
        let rows = share(rowCount, part: part, of: parts)
        matrix.fill(
          UnsafeMutableRawBufferPointer(
            start: target + rows.lowerBound * matrix.rowBytes, count: rows.count * matrix.rowBytes), rows: rows)
      })
  }

  func contender(_ library: CBLAS, weights: BenchMemory) -> Contender {
    let run: TurnTimer.Body = { [self] calls in
      library.withThreads(pool.threads) {
        activations.withUnsafeBufferPointer { rows in
          for call in calls {
            library.multiply(
              weights: weights.copy(call).assumingMemoryBound(to: Float.self), activations: rows.baseAddress!,
              output: output.floats, tokens: shape.tokens, rows: shape.rows, columns: shape.columns)
          }
        }
      }
    }
    return Contender(
      name: library.name, version: library.version, isa: nil, activations: .f32, leavesThreads: pool.threads > 1,
      run: run, check: { [self] in deviation(after: run, .f32, stride: shape.rows) { _, x in x } })
  }
}
