import CostCurves
import Statistics

/// The tokens of one task: a prompt and the answer to it.
package struct TaskLengths: Hashable, Sendable {
  package let input: Int
  package let output: Int

  package init(input: Int, output: Int) {
    self.input = input
    self.output = output
  }
}

/// What one task costs.
package struct TaskPrice: Codable, Hashable, Sendable {
  package let inputTokens: Int
  package let outputTokens: Int
  package let seconds: Estimate
  package let dollars: Estimate

  /// Every token of the answer is decoded at the context grown so far.
  package init(_ curves: TokenCurves, _ tariff: Tariff, _ task: TaskLengths) throws(PredictionError) {
    let prefill = try curves.prefillSeconds(input: task.input)
    self.init(task, prefill.plus(try curves.outputSeconds(input: task.input, output: task.output)), tariff)
  }

  /// Every token takes the time that was given.
  init(input: Estimate, output: Estimate, _ tariff: Tariff, _ task: TaskLengths) {
    self.init(task, input.scaled(by: Double(task.input)).plus(output.scaled(by: Double(task.output))), tariff)
  }

  private init(_ task: TaskLengths, _ seconds: Estimate, _ tariff: Tariff) {
    inputTokens = task.input
    outputTokens = task.output
    self.seconds = seconds
    dollars = tariff.dollars(for: seconds)
  }
}
