import KernelContract

/// Definitions of the operations, in definition order, accumulated in Double and never optimised: what kernels are tested against.
package enum Reference {
  /// Σ over columns of weights[row][column] · activations[column], and the same of magnitudes for error bounds.
  package static func dot(
    _ format: WeightFormat, row: UnsafeRawPointer, _ activations: [Float]
  ) -> (value: Double, magnitude: Double) {
    var value = 0.0
    var magnitude = 0.0
    for (column, a) in activations.enumerated() {
      let product = Double(BlockFormats.weight(format, row: row, index: column)) * Double(a)
      value += product
      magnitude += abs(product)
    }
    return (value, magnitude)
  }

  package static func norm(_ x: [Float], weight: [Float], epsilon: Float) -> [Double] {
    let mean = x.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(x.count)
    return zip(x, weight).map { Double($0) / (mean + Double(epsilon)).squareRoot() * Double($1) }
  }

  package static func silu(_ x: Double, exp: (Double) -> Double) -> Double { x / (1 + exp(-x)) }

  /// The tanh form, √(2/π) spelt out.
  package static func gelu(_ x: Double, tanh: (Double) -> Double) -> Double {
    0.5 * x * (1 + tanh(0.797_884_560_802_865_4 * (x + 0.044715 * x * x * x)))
  }

  package static func softcap(_ x: Double, cap: Double, tanh: (Double) -> Double) -> Double { cap * tanh(x / cap) }

  /// Turns pairs of neighbours, or of elements half a row apart. `magnitude` is Σ of the two products' magnitudes.
  package static func rotated(
    _ x: [Float], cosines: [Float], sines: [Float], neighbours: Bool
  ) -> [(value: Double, magnitude: Double)] {
    var result = x.map { (value: Double($0), magnitude: abs(Double($0))) }
    for i in cosines.indices {
      let (a, b) = neighbours ? (2 * i, 2 * i + 1) : (i, i + cosines.count)
      let (c, s, p, q) = (Double(cosines[i]), Double(sines[i]), Double(x[a]), Double(x[b]))
      result[a] = (p * c - q * s, abs(p * c) + abs(q * s))
      result[b] = (p * s + q * c, abs(p * s) + abs(q * c))
    }
    return result
  }

  /// The nearest number whose significand has eight bits, the even one of two.
  package static func bfloat16(_ x: Float) -> Double {
    guard x.isFinite, x != 0 else { return Double(x) }
    let unit = Double(sign: .plus, exponent: max(Int(x.exponent), -126) - 7, significand: 1)
    return (Double(x) / unit).rounded(.toNearestOrEven) * unit
  }

  /// Attention of one query over the visible keys and values, scores already scaled into the query.
  package static func attention(
    query: [Float], keys: [[Float]], values: [[Float]], softcap: Double, exp: (Double) -> Double,
    tanh: (Double) -> Double
  ) -> [Double] {
    var scores = keys.map { key in zip(query, key).reduce(0.0) { $0 + Double($1.0) * Double($1.1) } }
    if softcap > 0 { scores = scores.map { Reference.softcap($0, cap: softcap, tanh: tanh) } }
    let top = scores.max() ?? 0
    let weights = scores.map { exp($0 - top) }
    let total = weights.reduce(0, +)
    var result = [Double](repeating: 0, count: values.first?.count ?? 0)
    for (weight, value) in zip(weights, values) {
      for i in result.indices { result[i] += weight / total * Double(value[i]) }
    }
    return result
  }
}
