/// x with A·x = b, from the lower factor of A; columns whose pivot is zero are left at zero.
package func solve(cholesky lower: [[Double]], _ b: [Double]) -> [Double] {
  var x = b
  for row in lower.indices {
    let rest = x[row] - dot(lower[row][..<row], x[..<row])
    x[row] = lower[row][row] > 0 ? rest / lower[row][row] : 0
  }
  for row in lower.indices.reversed() {
    var rest = x[row]
    for below in lower.indices where below > row { rest -= lower[below][row] * x[below] }
    x[row] = lower[row][row] > 0 ? rest / lower[row][row] : 0
  }
  return x
}

/// The inverse of a positive definite matrix.
package func inverse(_ matrix: [[Double]]) -> [[Double]] {
  let lower = cholesky(matrix)
  let columns = matrix.indices.map { column in
    solve(cholesky: lower, matrix.indices.map { $0 == column ? 1 : 0 })
  }
  return matrix.indices.map { row in matrix.indices.map { (columns[$0][row] + columns[row][$0]) / 2 } }
}
