import CostCurves
import Pricing
import Records
import Statistics

/// Makes the figures of a report from observations.
package enum SummaryBuilder {
  /// The length and the context at which a price is quoted, where they were measured.
  static let referenceTokens = 512

  /// The figures of all runs of some results, by setup. Without a tariff prices are an example's, which the summary then
  /// calls one.
  package static func summary(of results: Results, tariff: Tariff? = nil) -> Summary {
    let tariff = tariff ?? .example(processors: results.processors, of: results.machine?.name)
    let groups = DepthSlices.joined(Observation.all(of: results.runs))
    var whole = Summary(
      machine: results.machine, command: results.command,
      subjects: groups.sorted { $0.setup < $1.setup }.compactMap { group in
        var subject = summary(of: group.setup, group.observations, tariff)
        subject?.slices = group.slices.isEmpty ? nil : group.slices
        subject?.historyName = group.setup.historyName
        if group.slices.isEmpty {
          let found = references(group.observations, subject)
          subject?.references = found
        }
        if let made = subject {
          subject?.reproduced = Reproduced(
            made, setup: group.setup, group.observations, results.history, span: results.span)
        }
        if !group.slices.isEmpty { subject?.warnings += sliceWarnings(group.setup, results) }
        subject?.warnings += idleProcessorWarnings(group.setup, results.machine)
        return subject
      },
      warnings: results.warnings + fingerprintWarnings(results))
    whole.closures = results.closures
    whole.threadChoices = ThreadChoice.all(of: whole.subjects)
    return whole
  }

  private static func summary(of setup: Setup, _ observations: [Observation], _ tariff: Tariff) -> SubjectSummary? {
    guard let model = setup.model, var configuration = setup.configuration else { return nil }
    let points = Dictionary(grouping: observations, by: \.work).values.compactMap { point($0, tariff) }.sorted {
      $0.order.lexicographicallyPrecedes($1.order)
    }
    let prefill = points.filter { $0.phase == .prefill }
    let decode = points.filter { $0.phase == .decode }
    // Choices by several samplers are not choices of one token.
    let samplings = points.filter { $0.phase == .sampling }
    let sampling = samplings.count == 1 ? samplings[0] : nil
    let prefillFit = fit(.prefill, .asPaid, observations)
    let decodeFit = fit(.decode, .asPaid, observations)
    let batchFit = fit(.batch, .asPaid, observations)
    let undisturbedPrefill = fit(.prefill, .undisturbed, observations).curve
    let undisturbedDecode = fit(.decode, .undisturbed, observations).curve
    var price = price(
      tariff, prefill: prefillFit.curve, decode: decodeFit.curve, batch: batchFit.curve,
      sampling: sampling?.secondsPerToken,
      startUp: startUp(observations))
    price.undisturbed =
      self.price(
        tariff, prefill: undisturbedPrefill, decode: undisturbedDecode,
        sampling: sampling?.undisturbedSecondsPerToken
      ).sheet
    configuration.kernels = Set(observations.flatMap(\.measured.kernels)).sorted()
    let energies = observations.map(\.measured.energy)
    return SubjectSummary(
      model: model, configuration: configuration, toolVersions: [setup.version],
      isCanonical: trusted(observations).allSatisfy(\.measured.isCanonical), runs: observations.count,
      flaggedRuns: observations.count { $0.measured.isFlagged }, processes: processCount(observations),
      prefill: prefill, decode: decode, sampling: sampling,
      sampler: sampling?.sampler,
      prefillCurve: prefillFit.curve, prefillCurveAbsentReason: prefillFit.absence, decodeCurve: decodeFit.curve,
      decodeCurveAbsentReason: decodeFit.absence, batchCurve: batchFit.curve,
      undisturbedPrefillCurve: undisturbedPrefill,
      undisturbedDecodeCurve: undisturbedDecode, prefillEnergyCurve: energyCurve(.prefill, observations),
      decodeEnergyCurve: energyCurve(.decode, observations), price: price,
      energyAbsentReason: energies.contains { (try? $0.get()) != nil }
        ? nil : energies.lazy.compactMap(\.absence?.reason).first,
      warnings: verdictWarnings(observations) + runCountWarnings(points) + processWarnings(observations)
        + energyWarnings(energies) + samplerWarnings(samplings)
        + curveWarnings([prefillFit.curve, decodeFit.curve, batchFit.curve].compactMap(\.self)))
  }

  /// Of the places at which phases are shown.
  private static func references(_ observations: [Observation], _ subject: SubjectSummary?) -> [WindowReference] {
    [subject?.decode, subject?.prefill].compactMap { $0.flatMap { MeasuredPoint.reference(among: $0) } }.compactMap {
      point in
      let runs = observations.filter { observation in
        guard case .phase(let shape, _) = observation.work else { return false }
        return shape.phase == point.phase && shape.promptTokens == point.promptTokens
          && shape.contextTokens == point.contextTokens && shape.sequences == point.sequences
      }
      return WindowReference(runs, phase: point.phase, length: point.length)
    }
  }

  /// The observations without a verdict, or all of them where each has one.
  static func trusted(_ observations: [Observation]) -> [Observation] {
    let clean = observations.filter { !$0.measured.isFlagged }
    return clean.isEmpty ? observations : clean
  }
}

extension Setup: Comparable {
  private var order: [String] {
    let threads = configuration.map { "\($0.threads)" } ?? ""
    return [
      model?.name ?? "", model?.format ?? "", model?.source ?? "",
      String(repeating: "0", count: max(0, 8 - threads.count)) + threads, configuration?.isa ?? "", "\(self)",
    ]
  }

  /// Orders setups by model, threads and instruction set, as a report shows them.
  package static func < (a: Self, b: Self) -> Bool { a.order.lexicographicallyPrecedes(b.order) }
}

extension Result where Success == Measured.Energy, Failure == Measured.Absence {
  var absence: Measured.Absence? {
    if case .failure(let absence) = self { absence } else { nil }
  }
}

extension MeasuredPoint {
  fileprivate var order: [Int] { [sequences, contextTokens, promptTokens, generatedTokens] }
}
