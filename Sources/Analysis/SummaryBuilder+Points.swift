import Pricing
import Quantities
import Records
import Statistics

/// The figures of all runs of one shape.
extension SummaryBuilder {
  /// Nil where the runs are of no phase, or made no token.
  static func point(_ observations: [Observation], _ tariff: Tariff) -> MeasuredPoint? {
    let trusted = trusted(observations)
    guard case .phase(let shape, let sampler)? = trusted.first?.work, let first = trusted.first?.measured,
      first.tokens > 0
    else { return nil }
    let units = Units(trusted)
    func share(_ roof: KeyPath<Measured, Double?>, _ amount: (Measured) -> Double) -> Estimate? {
      // A run without a roof has no number, and with it the shape.
      units.estimate { run in
        run[keyPath: roof].map { $0 > 0 ? amount(run) / run.seconds / $0 : .nan } ?? .nan
      }
    }
    guard
      let tokensPerSecond = units.estimate({ Double($0.tokens) / $0.seconds }),
      let undisturbed = units.estimate(\.secondsPerToken),
      let paid = Units(observations).mean({ ($0.seconds, Double($0.tokens)) }),
      let step = units.estimate({ $0.seconds / Double($0.samples.count) }),
      let flops = units.estimate({ $0.total.flops.value / $0.seconds }),
      let bytes = units.estimate({ ($0.total.bytesRead + $0.total.bytesWritten).value / $0.seconds })
    else { return nil }
    let percentiles = shape.phase == .decode ? units.sampleTimes : nil
    return MeasuredPoint(
      phase: shape.phase, promptTokens: shape.promptTokens, generatedTokens: shape.generatedTokens,
      contextTokens: shape.contextTokens, sequences: shape.sequences, sampler: sampler, runs: observations.count,
      flaggedRuns: observations.count { $0.measured.isFlagged }, isDoubtful: first.isFlagged,
      processes: units.kind == .process ? units.groups.count : nil,
      windows: units.kind == .window ? units.groups.count : nil, designEffect: units.designEffect(\.secondsPerToken),
      tokensPerSecond: tokensPerSecond, secondsPerToken: paid,
      unitSecondsPerToken: Units(observations).kind == .repetition
        ? []
        : Units(observations).groups.map { group in
          group.reduce(0) { $0 + $1.measured.seconds } / Double(group.reduce(0) { $0 + $1.measured.tokens })
        }, undisturbedSecondsPerToken: undisturbed,
      timeToFirstTokenSeconds: shape.phase == .prefill ? step : nil,
      timePerOutputTokenSeconds: shape.phase == .decode ? step : nil,
      startUpSeconds: shape.phase == .decode ? units.estimate { $0.transientSeconds ?? 0 } : nil,
      percentiles: percentiles.map { MeasuredPoint.Percentiles($0) },
      waitP95Seconds: shape.phase == .sampling ? nil : Units(observations).sampleTimes?.quantileEstimate(0.95).value,
      operationsPerToken: first.operations.mapValues { $0 / Double(first.tokens) }, flopsPerSecond: flops,
      bytesPerSecond: bytes, readRoofShare: share(\.readRoofBytesPerSecond) { $0.total.bytesRead.value },
      readRoofBytesPerSecond: units.median(\.readRoofBytesPerSecond),
      flopRoofShare: share(\.flopRoofFlopsPerSecond) { $0.total.flops.value },
      flopRoofFlopsPerSecond: units.median(\.flopRoofFlopsPerSecond),
      dollarsPerMillionTokens: tariff.dollarsPerMillionTokens(secondsPerToken: paid),
      energy: PointEnergy(trusted),
      energyAbsentCode: trusted.lazy.compactMap(\.measured.energy.absence?.code).first)
  }
}

extension MeasuredPoint.Percentiles {
  init(_ steps: Clusters) {
    samples = steps.clusters.reduce(0) { $0 + $1.count }
    p50Seconds = steps.quantileEstimate(0.5)
    p90Seconds = steps.quantileEstimate(0.9)
    p99Seconds = steps.quantileEstimate(0.99)
    distributionSeconds = Self.distribution.map { steps.quantile($0) }
  }
}

extension OperationCount {
  fileprivate static func / (count: Self, divisor: Double) -> Self {
    Self(flops: count.flops / divisor, bytesRead: count.bytesRead / divisor, bytesWritten: count.bytesWritten / divisor)
  }
}
