import CostCurves
import Foundation
import Pricing
import Statistics
import Testing

@Suite struct TaskPriceTests {
  /// Rounding of the fit, whose condition number is below 10⁵ here.
  private func agrees(_ a: Double, _ b: Double) -> Bool { (a - b).magnitude <= 1e5 * 18 * Double.ulpOfOne * b }

  private func price(_ input: Int, _ output: Int, noise: Double = 0) throws -> TaskPrice {
    try TaskPrice(
      try PriceSheetTests.curves(noise: noise), try PriceSheetTests.tariff(), TaskLengths(input: input, output: output))
  }

  /// 100 tokens in: 1 + 1 + 1 = 3 s. Ten out are nine steps at contexts 100…108: 0.45 + 10⁻⁴ · 936 = 0.5436 s. A cent a
  /// second.
  @Test func taskByHand() throws {
    let task = try price(100, 10)
    #expect(agrees(task.seconds.value, 3.5436))
    #expect(agrees(task.dollars.value, 0.035436))
  }

  @Test func intervalsAddInQuadrature() throws {
    let parts = try [price(100, 0, noise: 0.01), price(100, 200, noise: 0.01)].compactMap(\.dollars.interval).map(
      \.halfWidth)
    let output = try PriceSheetTests.curves(noise: 0.01).outputSeconds(input: 100, output: 200)
    let answer = try #require(try PriceSheetTests.tariff().dollars(for: output).interval).halfWidth
    #expect(agrees(parts[1], (parts[0] * parts[0] + answer * answer).squareRoot()))
  }

  /// Tokens later in an answer see a longer context: one answer of 200 costs more than two of 100 to the same prompt less
  /// its second prefill.
  @Test func contextGrowthIsPaid() throws {
    let prefill = try price(100, 0).dollars.value
    #expect(try price(100, 200).dollars.value - prefill > 2 * (price(100, 100).dollars.value - prefill))
  }

  @Test(arguments: [(-1, 1), (1, -1), (.max, .max), (.min, .max), (100, 400)])
  func refusesImpossibleTasks(input: Int, output: Int) throws {
    #expect(throws: PredictionError.self) { try price(input, output) }
  }
}
