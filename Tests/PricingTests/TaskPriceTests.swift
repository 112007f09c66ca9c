import CostCurves
import Foundation
import Pricing
import Statistics
import Testing

@Suite struct TaskPriceTests {
  /// Rounding of the fit, whose condition number is below 10⁵ here.
  private func agrees(_ a: Double, _ b: Double) -> Bool { (a - b).magnitude <= 1e5 * 18 * Double.ulpOfOne * b }

  /// 100 tokens in: 1 + 1 + 1 = 3 s. Ten out at contexts 100…109: 0.5 + 10⁻⁴ · 1045 = 0.6045 s. A cent a second.
  @Test func taskByHand() throws {
    let task = try TaskPrice(
      try TokenPricesTests.curves(), try TokenPricesTests.tariff(), inputTokens: 100, outputTokens: 10)
    #expect(agrees(task.inputDollars.value, 0.03))
    #expect(agrees(task.outputDollars.value, 0.006045))
    #expect(agrees(task.dollars.value, 0.036045))
  }

  @Test func intervalsAddInQuadrature() throws {
    let task = try TaskPrice(
      try TokenPricesTests.curves(noise: 0.01), try TokenPricesTests.tariff(), inputTokens: 100, outputTokens: 200)
    let parts = [task.inputDollars, task.outputDollars].compactMap(\.interval).map(\.halfWidth)
    let whole = try #require(task.dollars.interval)
    #expect(agrees(whole.halfWidth, (parts[0] * parts[0] + parts[1] * parts[1]).squareRoot()))
    #expect(whole.contains(task.dollars.value))
  }

  /// Tokens later in an answer see a longer context: one answer of 200 costs more than two of 100 to the same prompt less
  /// its second prefill.
  @Test func contextGrowthIsPaid() throws {
    let (curves, tariff) = (try TokenPricesTests.curves(), try TokenPricesTests.tariff())
    let long = try TaskPrice(curves, tariff, inputTokens: 100, outputTokens: 200).outputDollars.value
    let short = try TaskPrice(curves, tariff, inputTokens: 100, outputTokens: 100).outputDollars.value
    #expect(long > 2 * short)
  }

  @Test func anEmptyAnswerCostsItsPrefill() throws {
    let task = try TaskPrice(
      try TokenPricesTests.curves(noise: 0.01), try TokenPricesTests.tariff(), inputTokens: 100, outputTokens: 0)
    #expect(task.dollars.value == task.inputDollars.value && task.dollars.interval?.level == 0.95)
  }

  @Test(arguments: [(-1, 1), (1, -1), (.max, .max), (.min, .max), (100, 400)])
  func refusesImpossibleTasks(input: Int, output: Int) throws {
    let (curves, tariff) = (try TokenPricesTests.curves(), try TokenPricesTests.tariff())
    #expect(throws: PredictionError.self) {
      try TaskPrice(curves, tariff, inputTokens: input, outputTokens: output)
    }
  }

  @Test func survivesARecord() throws {
    let task = try TaskPrice(
      try TokenPricesTests.curves(noise: 0.01), try TokenPricesTests.tariff(), inputTokens: 100, outputTokens: 10)
    #expect(try JSONDecoder().decode(TaskPrice.self, from: try JSONEncoder().encode(task)) == task)
  }
}
