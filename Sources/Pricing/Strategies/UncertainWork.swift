import CostCurves

/// The mean work of tasks, and how it moves with each of their inputs that is not known exactly.
struct UncertainWork: Sendable {
  private(set) var base: Work
  private var moves: [Move] = []

  /// The change from the work at the input's value, through three points.
  private struct Move: Sendable {
    var quantity: Quantity
    var atLow: Work
    var atHigh: Work

    func change(at x: Double) -> Work {
      let (low, value, high) = (quantity.low, quantity.value, quantity.high)
      func weight(_ a: Double, _ b: Double, _ c: Double) -> Double {
        // Of the parabola through three points that is 0 at b; a line where two of them are one.
        b == c ? (x - b) / (a - b) : (x - b) * (x - c) / ((a - b) * (a - c))
      }
      if value == low { return atHigh * weight(high, low, low) }
      if value == high { return atLow * weight(low, high, high) }
      return atLow * weight(low, value, high) + atHigh * weight(high, value, low)
    }
  }

  /// Works at the values of the inputs, and at the bounds of one after another. That the effects of several inputs add up is the
  /// first order of them; the share of attempts that fail, which multiplies, is not among them.
  init(inputs: [Quantity], _ work: (_ overrides: [String: Double]) -> Work) {
    base = work([:])
    for input in inputs where !input.isExact {
      let low = input.value == input.low ? Work() : work([input.path: input.low]) - base
      let high = input.value == input.high ? Work() : work([input.path: input.high]) - base
      moves.append(Move(quantity: input, atLow: low, atHigh: high))
    }
  }

  func callAsFunction(_ draw: Draw) -> Work {
    moves.reduce(base) { sum, move in
      let x = draw(move.quantity)
      return x == move.quantity.value ? sum : sum + move.change(at: x)
    }
  }

  /// The sum of what a share of the tasks and another do, both exact or moved by the same inputs.
  mutating func add(exact work: Work) { base = base + work }

  var isExact: Bool { moves.isEmpty }
}
