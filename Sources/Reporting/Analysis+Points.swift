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
    let units = IndependentUnits(trusted)
    func share(_ roof: KeyPath<RunRecord, Double?>, _ amount: (RunRecord) -> Double) -> Estimate? {
      // A run without a roof has no number, and with it the shape.
      units.estimate { run in
        run[keyPath: roof].map { $0 > 0 ? amount(run) / run.wall.value / $0 : .nan } ?? .nan
      }
    }
    guard
      let tokensPerSecond = units.estimate({ Double($0.tokens) / $0.wall.value }),
      let secondsPerToken = units.estimate({ $0.wall.value / Double($0.tokens) }),
      let step = units.estimate({ $0.wall.value / Double($0.samples.count) }),
      let flops = units.estimate({ $0.flops.value / $0.wall.value }),
      let bytes = units.estimate({ ($0.bytesRead + $0.bytesWritten).value / $0.wall.value })
    else { return nil }
    return MeasuredPoint(
      phase: first.phase, promptTokens: first.promptTokens, generatedTokens: first.generatedTokens,
      contextTokens: first.contextTokens, sequences: first.sequences, runs: runs.count,
      flaggedRuns: runs.count { !$0.verdict.isEmpty }, isDoubtful: !first.verdict.isEmpty,
      processes: units.areProcesses ? units.groups.count : nil,
      designEffect: units.designEffect { $0.wall.value / Double($0.tokens) },
      tokensPerSecond: tokensPerSecond, secondsPerToken: secondsPerToken,
      timeToFirstTokenSeconds: first.phase == .prefill ? step : nil,
      timePerOutputTokenSeconds: first.phase == .decode ? step : nil,
      percentiles: first.phase == .decode ? percentiles(units) : nil,
      operationsPerToken: first.operations.mapValues { $0 / Double(first.tokens) }, flopsPerSecond: flops,
      bytesPerSecond: bytes, readRoofShare: share(\.readRoofBytesPerSecond) { $0.bytesRead.value },
      readRoofBytesPerSecond: (try? Sample(trusted.compactMap(\.readRoofBytesPerSecond)))?.median,
      flopRoofShare: share(\.flopRoofFlopsPerSecond) { $0.flops.value },
      flopRoofFlopsPerSecond: (try? Sample(trusted.compactMap(\.flopRoofFlopsPerSecond)))?.median,
      dollarsPerMillionTokens: tariff.dollarsPerMillionTokens(secondsPerToken: secondsPerToken),
      energy: PointEnergy(trusted),
      energyAbsentCode: trusted.lazy.filter { $0.energy == nil }.compactMap(\.energyAbsentCode).first)
  }

  static func percentiles(_ units: IndependentUnits) -> MeasuredPoint.Percentiles? {
    let samples = units.groups.compactMap { try? Sample($0.flatMap(\.samples).map(\.wallSeconds.value)) }
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
