import Kernels
import TestSupport
import Testing

/// The bounds by which results are judged before they are timed, by hand.
@Suite struct CheckTests {
  /// Weights 1 and −2 and activations 1 and 1: −1; 8 · 2⁻²⁴ · (2 + 16) · 1 · 2·2 / √2 may be lost.
  @Test func aProductsBound() {
    let bound = 8 * 0x1p-24 * 18 * 4 / 2.0.squareRoot()
    func deviation(_ value: Float) -> Double {
      [Float(1), -2].withUnsafeBytes {
        ProductCheck.deviation(of: value, format: .f32, row: $0.baseAddress!, columns: [1, 1], activations: .f32)
      }
    }
    #expect(deviation(-1) == 0)
    #expect(abs(deviation(-1 + 0x1p-14) - 0x1p-14 / bound) < 1e-6)
    #expect(deviation(.nan).isNaN && deviation(.infinity) == .infinity)
  }

  /// Sixteen products of random rows as tiles compute them, weights cut and activations rounded, pass; with a block forgotten,
  /// whose part of such a sum is √(32/depth), they do not.
  @Test(arguments: [64, 576, 4096, 14336]) func aForgottenBlockShows(depth: Int) {
    var generator = SeededGenerator(seed: UInt64(depth))
    var right = 0.0
    var wrong = 0.0
    for _ in 0..<16 {
      let weights = (0..<depth).map { _ in generator.symmetricFloat() }
      let columns = (0..<depth).map { _ in generator.symmetricFloat() }
      let products = zip(weights, columns).map { Double(upperHalf($0 * (1 + 1 / 384))) * Double(rounded($1)) }
      weights.withUnsafeBytes { row in
        func deviation(_ products: ArraySlice<Double>) -> Double {
          ProductCheck.deviation(
            of: Float(products.reduce(0, +)), format: .f32, row: row.baseAddress!, columns: columns, activations: .bf16)
        }
        right = max(right, deviation(products[...]))
        wrong = max(wrong, deviation(products.dropLast(32)))
      }
    }
    #expect(right < 1 && wrong > 1, "\(depth) columns: \(right), without a block \(wrong)")
  }

  private func upperHalf(_ x: Float) -> Float { Float(bitPattern: x.bitPattern & 0xffff_0000) }
  private func rounded(_ x: Float) -> Float { upperHalf(Float(bitPattern: x.bitPattern + 0x8000)) }

  /// A query of zero sees the mean of the values.
  @Test func attentionsBound() {
    func deviation(_ output: [Double], onTiles: Bool = false) -> Double {
      AttentionCheck.deviation(
        of: output, query: [0, 0], keys: [[1, 1], [-1, 0.5]], values: [[1, 0], [0, 0.5]], onTiles: onTiles)
    }
    #expect(deviation([0.5, 0.25]) == 0)
    #expect(deviation([0.5, 0.2501]) > 1 && deviation([0.5, 0.2501], onTiles: true) < 1)
    #expect(deviation([0.5, .nan]) == .infinity)
  }
}
