import Glibc

/// The lower L with LLᵀ = A, for a symmetric A without negative eigenvalues. A pivot that rounding made negative is zero.
package func cholesky(_ matrix: [[Double]]) -> [[Double]] {
  var lower = matrix.map { $0.map { _ in 0.0 } }
  for row in matrix.indices {
    for column in 0...row {
      let rest = matrix[row][column] - dot(lower[row][..<column], lower[column][..<column])
      if row == column {
        lower[row][row] = max(0, rest).squareRoot()
      } else {
        lower[row][column] = lower[column][column] > 0 ? rest / lower[column][column] : 0
      }
    }
  }
  return lower
}

/// The eigenvalues of a symmetric matrix by Jacobi's rotations (Golub and Van Loan, Matrix Computations, 8.5).
package func symmetricEigenvalues(_ matrix: [[Double]]) -> [Double] {
  var a = matrix
  let size = a.count
  // Quadratic convergence: a handful of sweeps does for any matrix of this size.
  for _ in 0..<32 {
    var isDone = true
    for p in 0..<size {
      for q in (p + 1)..<max(size, p + 1) where abs(a[p][q]) > 0x1p-50 * abs(a[p][p] * a[q][q]).squareRoot() {
        isDone = false
        let half = (a[q][q] - a[p][p]) / (2 * a[p][q])
        let tangent = (half < 0 ? -1 : 1) / (abs(half) + (half * half + 1).squareRoot())
        let cosine = 1 / (tangent * tangent + 1).squareRoot()
        let sine = tangent * cosine
        for k in 0..<size {
          (a[k][p], a[k][q]) = (cosine * a[k][p] - sine * a[k][q], sine * a[k][p] + cosine * a[k][q])
        }
        for k in 0..<size {
          (a[p][k], a[q][k]) = (cosine * a[p][k] - sine * a[q][k], sine * a[p][k] + cosine * a[q][k])
        }
      }
    }
    if isDone { break }
  }
  return a.indices.map { a[$0][$0] }
}
