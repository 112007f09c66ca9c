import CostCurves
import Pricing
import Quantities
import Records
import Statistics

/// The figures of one results directory, before any of them becomes text: what `--json` prints.
package struct Summary: Encodable, Sendable {
  package var schema = "inferometer.summary"
  /// From version 2 on times and prices of tokens are as paid; before, they were medians of undisturbed runs. Version 3 has
  /// curves as sums of terms over tokens, context and sequences.
  package var schemaVersion = 3
  package var machine: MachineCard?
  package var command: String?
  package var subjects: [SubjectSummary]
  /// Where a model was measured with several numbers of threads.
  package var threadChoices: [ThreadChoice] = []
  /// Sums of kernels beside the whole, where they were timed.
  package var closures: [Closure] = []
  package var warnings: [Warning]

  /// As it goes to standard output: indented, with a newline at its end.
  package func json() throws -> String {
    String(decoding: try RecordCoding.encode(self, pretty: true), as: UTF8.self) + "\n"
  }
}

/// What was measured of one model in one configuration.
package struct SubjectSummary: Encodable, Sendable {
  package var model: ModelIdentity
  /// Numbers of layers that were measured, and from which the figures were extrapolated to the whole model; nil where all of it
  /// was measured.
  package var slices: [Int]?
  /// How it was run, with the kernels of all its runs.
  package var configuration: RunConfiguration
  package var toolVersions: [String]
  package var isCanonical: Bool
  package var runs: Int
  /// Runs with a verdict against them.
  package var flaggedRuns: Int
  /// Nil where all runs are of one.
  package var processes: Int?
  /// Ascending by sequences, context and length.
  package var prefill: [MeasuredPoint]
  package var decode: [MeasuredPoint]
  /// Choosing a token; nil where it was not measured.
  package var sampling: MeasuredPoint?
  package var sampler: SamplerIdentity?
  package var prefillCurve: FittedCurve?
  package var prefillCurveAbsentReason: String?
  package var decodeCurve: FittedCurve?
  package var decodeCurveAbsentReason: String?
  /// Of steps of one sequence and of several; nil where several were not measured.
  package var batchCurve: FittedCurve?
  /// Through the medians of runs without a verdict: what compares kernels and machines, and prices nothing.
  package var undisturbedPrefillCurve: FittedCurve?
  package var undisturbedDecodeCurve: FittedCurve?
  /// Joules of a whole prefill and of a step; nil where there is no energy.
  package var prefillEnergyCurve: Curve?
  package var decodeEnergyCurve: Curve?
  package var price: PriceSummary
  /// What other hours of this machine say of the figures.
  package var reproduced: Reproduced?
  /// What probes beside the work say of the windows, at the reference places.
  package var references: [WindowReference] = []
  /// By which sittings of one setup know each other.
  package var historyName: String?
  /// Nil where any run has energy.
  package var energyAbsentReason: String?
  package var warnings: [Warning]

  package var phases: TokenPhases? { TokenPhases(prefill: prefill, decode: decode, sampling: sampling) }

  /// How far the processes of a measurement agree: the median and the greatest design effect of its shapes, and how many
  /// have one; nil where runs count as independent.
  package var designEffect: (median: Double, most: Double, shapes: Int)? {
    guard let effects = try? Sample((prefill + decode).compactMap(\.designEffect)) else { return nil }
    return (effects.median, effects.maximum, effects.count)
  }
}

/// All runs of one shape.
package struct MeasuredPoint: Encodable, Sendable {
  package var phase: Phase
  package var promptTokens: Int
  package var generatedTokens: Int
  package var contextTokens: Int
  package var sequences: Int
  /// How tokens were chosen; nil but for that phase.
  package var sampler: SamplerIdentity?
  package var runs: Int
  package var flaggedRuns: Int
  /// No run of this shape was free of a verdict, so the undisturbed figures are made of those that were not.
  package var isDoubtful: Bool
  /// How many processes, or windows of time, are the independent units; nil where they are not.
  package var processes: Int?
  package var windows: Int?
  package var designEffect: Double?
  /// Tokens of all sequences in a second, undisturbed: the median of runs without a verdict.
  package var tokensPerSecond: Estimate
  /// What a token costs the machine, as paid: wall time of all runs, disturbed or not, over the tokens of all sequences.
  package var secondsPerToken: Estimate
  /// The same of each window or process alone, in their order; empty where there are none.
  package var unitSecondsPerToken: [Double]
  /// The same, undisturbed.
  package var undisturbedSecondsPerToken: Estimate
  /// The whole prefill, undisturbed, until the first token can be chosen. Sampling is not in it.
  package var timeToFirstTokenSeconds: Estimate?
  /// One step, undisturbed, as the reader of one sequence sees it.
  package var timePerOutputTokenSeconds: Estimate?
  /// What the first steps of a request take longer than as many later ones; nil where it was not kept apart.
  package var startUpSeconds: Estimate?
  package var percentiles: Percentiles?
  /// What a reader waits at most for in 95 of 100 cases, disturbed or not: for a step, or for a whole prefill.
  package var waitP95Seconds: Double?
  /// What one token computes and moves, by operation class.
  package var operationsPerToken: [String: OperationCount]
  package var flopsPerSecond: Estimate
  /// Bytes read and written in a second.
  package var bytesPerSecond: Estimate
  /// Bytes read in a second, over the read bandwidth measured in the same window.
  package var readRoofShare: Estimate?
  package var readRoofBytesPerSecond: Double?
  /// Operations in a second, over what the instructions of the kernels reached in the same window; nil but for prefill.
  package var flopRoofShare: Estimate?
  package var flopRoofFlopsPerSecond: Double?
  /// As paid.
  package var dollarsPerMillionTokens: Estimate
  package var energy: PointEnergy?
  package var energyAbsentCode: String?

  /// Quantiles of the wall times of single steps over all runs, in seconds; the steps of a run are a cluster.
  package struct Percentiles: Encodable, Sendable {
    package var samples: Int
    package var p50Seconds: Estimate
    package var p90Seconds: Estimate
    package var p99Seconds: Estimate
    /// The shares of `distribution`, each with the time that so many steps take at most.
    package var distributionSeconds: [Double]

    package static let distribution = [
      0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999,
    ]
  }
}

/// Money for tokens at the host's price, from the curves where there are any.
package struct PriceSummary: Sendable {
  package var tariff: Tariff
  package var curves: TokenCurves?
  /// As paid.
  package var sheet: PriceSheet?
  /// What tokens would cost were no run disturbed; nobody pays that.
  package var undisturbed: PriceSheet?
  package var absentReason: String?

  init(tariff: Tariff) { self.tariff = tariff }
}

extension PriceSummary: Encodable {
  private enum CodingKeys: CodingKey {
    case tariff, label, promptTokens, contextTokens, dollarsPerMillionInputTokens, dollarsPerMillionOutputTokens
    case dollarsPerMillionDecodedTokens, dollarsPerMillionSampledTokens, outputToInputRatio, startUpDollars, undisturbed
    case absentReason
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(tariff, forKey: .tariff)
    try container.encode(tariff.label, forKey: .label)
    try container.encodeIfPresent(sheet?.promptTokens, forKey: .promptTokens)
    try container.encodeIfPresent(sheet?.contextTokens, forKey: .contextTokens)
    try container.encodeIfPresent(sheet?.dollarsPerMillionInputTokens, forKey: .dollarsPerMillionInputTokens)
    try container.encodeIfPresent(sheet?.dollarsPerMillionOutputTokens, forKey: .dollarsPerMillionOutputTokens)
    try container.encodeIfPresent(sheet?.dollarsPerMillionDecodedTokens, forKey: .dollarsPerMillionDecodedTokens)
    try container.encodeIfPresent(sheet?.dollarsPerMillionSampledTokens, forKey: .dollarsPerMillionSampledTokens)
    try container.encodeIfPresent(sheet?.outputToInputRatio, forKey: .outputToInputRatio)
    try container.encodeIfPresent(
      curves?.startUp.map { tariff.dollars(for: $0) }, forKey: .startUpDollars)
    try container.encodeIfPresent(undisturbed, forKey: .undisturbed)
    try container.encodeIfPresent(absentReason, forKey: .absentReason)
  }
}
