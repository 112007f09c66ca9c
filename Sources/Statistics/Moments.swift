/// Mean and variance in one pass, by Welford's update (Technometrics 4, 1962): the sum of squares minus the square of
/// the sum loses every digit when the spread is small beside the values, as it is for times of equal work.
package struct Moments: Sendable {
  package private(set) var count = 0
  package private(set) var mean = 0.0
  private var squares = 0.0

  package init() {}

  package init(_ values: some Sequence<Double>) {
    for value in values { add(value) }
  }

  package mutating func add(_ value: Double) {
    count += 1
    let deviation = value - mean
    mean += deviation / Double(count)
    squares += deviation * (value - mean)
  }

  /// The unbiased variance (divisor n − 1); nil for fewer than two values.
  package var variance: Double? { count > 1 ? squares / Double(count - 1) : nil }
}
