import KernelContract
import Kernels

extension ProductContest {
  /// The largest deviation at rows and tokens spread over the product, its first and last among them.
  func deviation(
    after run: TurnTimer.Body, _ format: ActivationFormat, stride: Int,
    columns: (_ token: Int, _ x: [Float]) -> [Float]
  ) -> Double {
    // What is not written shows.
    output.floats.update(repeating: .nan, count: output.count / 4)
    run(0..<1)
    var row = [UInt8](repeating: 0, count: matrix.rowBytes)
    var largest = 0.0
    let tokens = spread(shape.tokens, 4).map { token in
      (token, columns(token, Array(activations[token * shape.columns..<(token + 1) * shape.columns])))
    }
    for index in spread(shape.rows, 16) {
      row.withUnsafeMutableBytes { bytes in
        matrix.fill(bytes, rows: index..<index + 1)
        for (token, x) in tokens {
          let deviation = ProductCheck.deviation(
            of: output.floats[token * stride + index], format: matrix.layout.format, row: bytes.baseAddress!,
            columns: x, activations: format)
          largest = deviation.isNaN ? .infinity : max(largest, deviation)
        }
      }
    }
    return largest
  }
}

/// At most `most` of `count` indices, evenly spread, the first and the last among them.
func spread(_ count: Int, _ most: Int) -> [Int] {
  count <= most ? Array(0..<count) : (0..<most).map { $0 * (count - 1) / (most - 1) }
}
