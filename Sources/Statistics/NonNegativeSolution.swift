/// The x >= 0 for which the residual of Ax = b is shortest: Lawson and Hanson, Solving Least Squares Problems, 23.
/// A coefficient is freed while that helps, and held at zero again when it would turn negative. Columns have unit length.
func nonNegativeSolution(columns: [[Double]], _ b: [Double]) throws(FitError) -> [Double] {
  var x = [Double](repeating: 0, count: columns.count)
  var free: Set<Int> = []
  var refused: Set<Int> = []
  // Each component of the gradient is a sum over all rows, rounded at the size of b.
  let rounding = Double(b.count) * .ulpOfOne * dot(b, b).squareRoot()

  // The method ends in finitely many steps; Lawson and Hanson allow three times as many as there are columns.
  for _ in 0..<3 * columns.count {
    let residual = b.indices.map { row in b[row] - columns.indices.reduce(0) { $0 + columns[$1][row] * x[$1] } }
    let gradient = columns.map { dot($0, residual) }
    let helpful = columns.indices.filter {
      !free.contains($0) && !refused.contains($0) && gradient[$0] > rounding
    }
    guard let entering = helpful.max(by: { gradient[$0] < gradient[$1] }) else { return x }
    free.insert(entering)
    try approachSolution(columns: columns, b, from: &x, free: &free)
    // A gradient of mere rounding may free a coefficient that goes straight back; once is enough.
    if free.contains(entering) { refused = [] } else { refused.insert(entering) }
  }
  throw .notConverged
}

/// Moves x to the solution over its free coefficients, and holds at zero those that would pass it on the way.
private func approachSolution(
  columns: [[Double]], _ b: [Double], from x: inout [Double], free: inout Set<Int>
) throws(FitError) {
  while !free.isEmpty {
    let order = free.sorted()
    guard let factors = HouseholderQR(columns: order.map { columns[$0] }) else { throw .degenerate }
    let target = Dictionary(uniqueKeysWithValues: zip(order, factors.solve(b)))
    let steps = target.filter { $0.value <= 0 }.map { column, end in
      (column: column, share: x[column] == 0 ? 0 : x[column] / (x[column] - end))
    }
    let first = steps.min { $0.share < $1.share }
    for (column, end) in target { x[column] += (first?.share ?? 1) * (end - x[column]) }
    guard let first else { return }
    x[first.column] = 0
    for column in order where x[column] <= 0 { x[column] = 0 }
    free = free.filter { x[$0] > 0 }
  }
}
