extension Sample {
  /// The mean with Student's interval: exact for normal observations, and near it for the mean of many.
  package func meanEstimate(level: Double = 0.95) -> Estimate {
    guard let variance else {
      return Estimate(
        mean, nil, method: .meanStudent, warnings: [.tooFewSamples(have: count, need: 2, level: level)])
    }
    let quantile = StudentT(degreesOfFreedom: Double(count - 1)).quantile((1 + level) / 2)
    let half = quantile * (variance / Double(count)).squareRoot()
    return Estimate(mean, Interval(low: mean - half, high: mean + half, level: level), method: .meanStudent)
  }
}

extension Estimate.Method {
  package static let meanStudent = Self(rawValue: "mean, Student's t")
}
