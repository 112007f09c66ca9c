import Kernels
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
