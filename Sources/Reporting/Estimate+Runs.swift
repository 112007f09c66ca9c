import Statistics

extension Estimate {
  /// A figure that each run gave once. Runs are the units: what the steps of one run have in common, its steps cannot
  /// tell. From six runs on the median of the runs, below that their mean with Student's interval; one run has none.
  static func across(runs values: [Double]) -> Estimate? {
    guard let sample = try? Sample(values) else { return nil }
    if sample.count >= Sample.countNeeded(probability: 0.5, level: 0.95) { return sample.medianEstimate() }
    return sample.meanEstimate()
  }
}
