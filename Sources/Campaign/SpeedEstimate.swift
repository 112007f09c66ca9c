import Engine
import Records

/// What a phase will take, from a few steps that were timed and from what the kernels declare: a prefill goes with its
/// operations, a decode step with its bytes.
struct SpeedEstimate: Sendable, Equatable {
  var secondsPerPrefillFlop: Double
  var secondsPerDecodeByte: Double

  func seconds(_ shape: RunShape, _ costs: PhaseCosts) -> Double {
    let total = costs.account.total
    let flops = total.flops.value * secondsPerPrefillFlop
    guard shape.phase == .decode else { return flops }
    // Sequences share the bytes of the weights, but each brings its own operations.
    let bytes = (total.bytesRead.value + total.bytesWritten.value) * secondsPerDecodeByte
    return shape.sequences == 1 ? bytes : bytes + flops
  }

  /// Times a few steps on a runner that is as cold as it comes: the first step warms up, and says how long a prompt may be.
  static func probe(_ runner: PhaseRunner, budgetSeconds: Double) throws -> SpeedEstimate {
    let room = runner.engine.options.contextLength
    let first = try runner.decode(1)
    let step = first.steps.reduce(0) { $0 + $1.wall.value }
    // A prompt of n tokens takes no longer than n decode steps. A twentieth of the budget is enough.
    let affordable = step > 0 ? budgetSeconds / 20 / step : Double(mostPromptTokens)
    let prompt = min(max(1, Int(min(affordable, Double(mostPromptTokens)))), room)
    _ = try runner.prefill(min(prompt, 16))
    let prefill = try runner.prefill(prompt)
    let decode = try runner.decode(max(1, min(decodeSteps, prompt, room)))
    let bytes = decode.costs.account.total
    let seconds = decode.steps.reduce(0) { $0 + $1.wall.value }
    return SpeedEstimate(
      secondsPerPrefillFlop: prefill.steps.reduce(0) { $0 + $1.wall.value }
        / max(1, prefill.costs.account.total.flops.value),
      secondsPerDecodeByte: seconds / max(1, bytes.bytesRead.value + bytes.bytesWritten.value))
  }

  private static let mostPromptTokens = 128
  private static let decodeSteps = 4
}
