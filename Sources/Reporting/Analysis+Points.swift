import Pricing
import Quantities
import Records
import Statistics

/// The figures of all runs of one shape.
extension Analysis {
  /// Runs without a verdict; all of them when there is none without.
  static func trusted(_ runs: [RunRecord]) -> [RunRecord] {
    let clean = runs.filter(\.verdict.isEmpty)
    return clean.isEmpty ? runs : clean
  }

  static func point(_ runs: [RunRecord], _ tariff: Tariff) -> MeasuredPoint? {
    let trusted = trusted(runs)
    guard let first = trusted.first, first.tokens > 0 else { return nil }
    let rates = trusted.map { Double($0.tokens) / $0.wall.value }
    let steps = trusted.map { $0.wall.value / Double($0.samples.count) }
    func share(_ roof: KeyPath<RunRecord, Double?>, _ amount: (RunRecord) -> Double) -> Estimate? {
      let shares = trusted.compactMap { run in
        run[keyPath: roof].map { $0 > 0 ? amount(run) / run.wall.value / $0 : .nan }
      }
      return shares.count == trusted.count ? Estimate.across(runs: shares) : nil
    }
    guard
      let tokensPerSecond = Estimate.across(runs: rates),
      let secondsPerToken = Estimate.across(runs: rates.map { 1 / $0 }),
      let step = Estimate.across(runs: steps),
      let flops = Estimate.across(runs: trusted.map { $0.flops.value / $0.wall.value }),
      let bytes = Estimate.across(runs: trusted.map { ($0.bytesRead + $0.bytesWritten).value / $0.wall.value })
    else { return nil }
    return MeasuredPoint(
      phase: first.phase, promptTokens: first.promptTokens, generatedTokens: first.generatedTokens,
      contextTokens: first.contextTokens, sequences: first.sequences, runs: runs.count,
      flaggedRuns: runs.count { !$0.verdict.isEmpty }, isDoubtful: !first.verdict.isEmpty,
      tokensPerSecond: tokensPerSecond, secondsPerToken: secondsPerToken,
      timeToFirstTokenSeconds: first.phase == .prefill ? step : nil,
      timePerOutputTokenSeconds: first.phase == .decode ? step : nil,
      percentiles: first.phase == .decode ? percentiles(trusted) : nil,
      operationsPerToken: first.operations.mapValues { $0 / Double(first.tokens) }, flopsPerSecond: flops,
      bytesPerSecond: bytes, readRoofShare: share(\.readRoofBytesPerSecond) { $0.bytesRead.value },
      readRoofBytesPerSecond: (try? Sample(trusted.compactMap(\.readRoofBytesPerSecond)))?.median,
      flopRoofShare: share(\.flopRoofFlopsPerSecond) { $0.flops.value },
      flopRoofFlopsPerSecond: (try? Sample(trusted.compactMap(\.flopRoofFlopsPerSecond)))?.median,
      dollarsPerMillionTokens: tariff.dollarsPerMillionTokens(secondsPerToken: secondsPerToken),
      energy: PointEnergy(trusted))
  }

  static func percentiles(_ runs: [RunRecord]) -> MeasuredPoint.Percentiles? {
    let samples = runs.compactMap { try? Sample($0.samples.map(\.wallSeconds.value)) }
    guard let steps = Clusters(samples) else { return nil }
    return MeasuredPoint.Percentiles(
      samples: samples.reduce(0) { $0 + $1.count }, p50Seconds: steps.quantileEstimate(0.5),
      p90Seconds: steps.quantileEstimate(0.9),
      p99Seconds: steps.quantileEstimate(0.99))
  }
}

extension OperationCount {
  fileprivate static func / (count: Self, divisor: Double) -> Self {
    Self(flops: count.flops / divisor, bytesRead: count.bytesRead / divisor, bytesWritten: count.bytesWritten / divisor)
  }
}
