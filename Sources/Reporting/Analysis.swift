import CostCurves
import Pricing
import Records
import Statistics

/// From records to figures: the one place where a report calculates.
package enum Analysis {
  /// The length and the context at which a price is quoted, where they were measured.
  static let referenceTokens = 512

  /// Nil prices stand for the example, which the summary then calls one.
  package static func summary(of input: ReportInput, tariff: Tariff? = nil) -> Summary {
    let processors = input.machine?.processors ?? input.runs.map(\.configuration.threads).max() ?? 1
    let groups = Dictionary(grouping: input.runs) { Subject($0) }
    let subjects = groups.sorted { $0.key < $1.key }.compactMap { subject, runs -> SubjectSummary? in
      guard let tariff = tariff ?? .example(processors: processors) else { return nil }
      return summary(of: subject, runs, tariff)
    }
    return Summary(
      machine: input.machine, command: input.command, subjects: subjects,
      warnings: input.warnings + fingerprintWarnings(input))
  }

  private static func summary(of subject: Subject, _ runs: [RunRecord], _ tariff: Tariff) -> SubjectSummary {
    let shapes = Dictionary(grouping: runs, by: \.shape)
    let points = shapes.values.compactMap { point($0, tariff) }.sorted { $0.order.lexicographicallyPrecedes($1.order) }
    let prefill = points.filter { $0.phase == .prefill }
    let decode = points.filter { $0.phase == .decode }
    let sampling = points.first { $0.phase == .sampling }
    let prefillFit = fit(.prefill, shapes, families: [[.quadratic], [.affine], [.constant]])
    let decodeFit = fit(.decode, shapes, families: [Family.allCases, [.affine], [.constant]])
    var configuration = subject.configuration
    configuration.kernels = Set(runs.flatMap(\.configuration.kernels)).sorted()
    return SubjectSummary(
      model: subject.model, configuration: configuration, toolVersions: Set(runs.map(\.toolVersion)).sorted(),
      isCanonical: trusted(runs).allSatisfy(\.canonical), runs: runs.count,
      flaggedRuns: runs.count { !$0.verdict.isEmpty }, processes: processCount(runs), prefill: prefill, decode: decode,
      sampling: sampling,
      sampler: runs.lazy.compactMap(\.sampler).first,
      prefillCurve: prefillFit.curve, prefillCurveAbsentReason: prefillFit.absence, decodeCurve: decodeFit.curve,
      decodeCurveAbsentReason: decodeFit.absence,
      price: price(
        tariff, prefill: (prefill, prefillFit.curve), decode: (decode, decodeFit.curve),
        sampling: sampling?.secondsPerToken),
      energyAbsentReason: runs.contains { $0.energy != nil }
        ? nil : runs.lazy.compactMap(\.energyAbsentReason).first,
      warnings: verdictWarnings(runs) + runCountWarnings(points) + processWarnings(runs) + energyWarnings(runs)
        + [prefillFit.curve, decodeFit.curve].compactMap { $0?.curve.warnings }.flatMap(\.self))
  }
}

extension MeasuredPoint {
  fileprivate var order: [Int] { [sequences, contextTokens, promptTokens, generatedTokens] }
}
