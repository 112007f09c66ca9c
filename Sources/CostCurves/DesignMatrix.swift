/// What each coefficient of a linear model multiplies, observation by observation.
package struct DesignMatrix: Sendable {
  package let rows: Int
  /// One array per coefficient, each as long as there are rows.
  package let columns: [[Double]]

  package init(rows: Int, columns: Int, element: (_ row: Int, _ column: Int) -> Double) {
    self.rows = rows
    self.columns = (0..<columns).map { column in (0..<rows).map { element($0, column) } }
  }
}

func dot(_ a: some Collection<Double>, _ b: some Collection<Double>) -> Double {
  zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}
