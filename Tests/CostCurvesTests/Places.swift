import CostCurves

extension Point {
  /// A prompt of that many tokens, which passes through the layers once: its cost may be any polynomial.
  static func prompt(_ tokens: Int, cost: Double, unit: Int = 0) -> Point {
    let place = Place(tokens: tokens)
    return Point(Growth().demand(of: place), cost: cost, place: place, unit: unit)
  }

  /// The mean of decode steps from that context on.
  static func step(at context: Int, cost: Double, count: Int = 1, unit: Int = 0) -> Point {
    Point(
      Growth().steps(from: context, count: count) * (1 / Double(count)), cost: cost, count: Double(count),
      place: Place(context: context), lastContext: context + count - 1, unit: unit)
  }
}

extension Family {
  static let constant = Family([.pass])
  /// Of the tokens of a prompt.
  static let affine = Family([.pass, .row])
  static let quadratic = Family([.pass, .row, .pair])
  /// Of the context of a step.
  static let affineInContext = Family([.pass, .pair])
}
