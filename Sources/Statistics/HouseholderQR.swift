/// A = QR by Householder reflections, for columns of unit length. It never forms AᵀA, whose condition is the square of
/// that of A and which a column of squares beside a column of ones would leave without digits.
struct HouseholderQR {
  private var reflectors: [[Double]] = []
  private var upper: [[Double]] = []

  /// Nil when the columns are linearly dependent to working precision.
  init?(columns: [[Double]]) {
    let rows = columns.first?.count ?? 0
    guard columns.count <= rows else { return nil }
    for (index, column) in columns.enumerated() {
      let reflected = reflect(column)
      let below = reflected[index...]
      let length = dot(below, below).squareRoot()
      // A unit column that depends on the ones before leaves only their rounding.
      guard length > Double(rows) * .ulpOfOne else { return nil }
      let diagonal = reflected[index] > 0 ? -length : length
      var reflector = [Double](repeating: 0, count: rows)
      reflector.replaceSubrange(index..., with: below)
      reflector[index] -= diagonal
      reflectors.append(reflector)
      upper.append(reflected[..<index] + [diagonal])
    }
  }

  /// Qᵀ times a vector, as far as the reflectors are known.
  private func reflect(_ vector: [Double]) -> [Double] {
    reflectors.reduce(vector) { vector, reflector in
      let factor = 2 * dot(reflector, vector) / dot(reflector, reflector)
      return zip(vector, reflector).map { $0 - factor * $1 }
    }
  }

  /// The x for which the residual of Ax = b is shortest.
  func solve(_ b: [Double]) -> [Double] { substituted(reflect(b)) }

  /// The x with Rx = b.
  private func substituted(_ b: [Double]) -> [Double] {
    var x = Array(b.prefix(upper.count))
    for column in upper.indices.reversed() {
      x[column] /= upper[column][column]
      for row in 0..<column { x[row] -= upper[column][row] * x[column] }
    }
    return x
  }

  /// (AᵀA)⁻¹ = R⁻¹R⁻ᵀ.
  func gramInverse() -> [[Double]] {
    let inverseColumns = upper.indices.map { unit in
      substituted(upper.indices.map { $0 == unit ? 1 : 0 })
    }
    return upper.indices.map { row in
      upper.indices.map { column in inverseColumns.reduce(0) { $0 + $1[row] * $1[column] } }
    }
  }
}
