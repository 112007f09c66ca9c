import CostCurves
import Pricing
import Records
import Statistics

/// What a scenario takes of a record.
extension MeasuredCosts {
  /// Finds the one subject that a scenario's record means; errors name the subjects that there are.
  package init(_ record: Scenario.Record, path: String, _ summary: Summary, processors: Int) throws(ScenarioError) {
    let found = summary.subjects.filter { subject in
      let setup = subject.configuration
      return record.model.map { $0 == subject.model.name || $0 == subject.model.source } ?? true
        && record.format.map { $0 == subject.model.format } ?? true
        && record.threads.map { $0 == setup.threads } ?? true
        && record.isa.map { $0 == setup.isa } ?? true
    }
    func list(_ subjects: [SubjectSummary]) -> String {
      subjects.map {
        "\($0.model.name) \($0.model.format), \($0.configuration.threads) threads, \($0.configuration.isa)"
      }
      .joined(separator: "; ").printable
    }
    guard let subject = found.first, found.count == 1 else {
      throw ScenarioError(
        path,
        found.isEmpty
          ? "no subject of \(record.directory) is meant by it; there are: \(list(summary.subjects))"
          : "\(found.count) subjects of \(record.directory) are meant by it; name model, format, threads or isa of one: "
            + list(found))
    }
    guard let curves = subject.price.curves else {
      throw ScenarioError(
        path, "\(record.directory) has no curves: \(subject.price.absentReason ?? "too few lengths were measured")")
    }
    let setup = subject.configuration
    let energy = PhaseEnergy(subject)
    self.init(
      name: record.name,
      label:
        "\(subject.model.name), \(subject.model.format), \(setup.threads) threads, \(setup.isa), on \(summary.machine?.name ?? "a machine that was not written down")",
      curves: curves, threads: setup.threads, processors: processors,
      steps: subject.decode.compactMap(\.wait), prefills: subject.prefill.compactMap(\.wait), energy: energy,
      energyAbsence: energy == nil ? subject.energyAbsentReason ?? "the phases have no energy of one kind" : nil
    ) { prompt, cached, context, sequences in
      subject.command(prompt: prompt, cached: cached, context: context, sequences: sequences)
    }
  }
}

extension MeasuredPoint {
  fileprivate var wait: MeasuredCosts.Wait? {
    waitP95Seconds.map {
      MeasuredCosts.Wait(
        place: Place(
          tokens: phase == .prefill ? promptTokens : 1, context: contextTokens, sequences: sequences), p95Seconds: $0)
    }
  }
}

extension MeasuredCosts.PhaseEnergy {
  /// Nil where a phase has no energy, or the two came about in different ways.
  fileprivate init?(_ subject: SubjectSummary) {
    guard let prefill = MeasuredPoint.reference(among: subject.prefill)?.energy,
      let decode = MeasuredPoint.reference(among: subject.decode)?.energy, prefill.kind == decode.kind
    else { return nil }
    let seconds = MeasuredPoint.reference(among: subject.decode)?.secondsPerToken.value ?? 0
    let idle = decode.idleSubtractedJoulesPerToken.map { (decode.joulesPerToken.value - $0.value) / seconds }
    self.init(
      label: decode.label, isOfFacility: decode.boundary == .facility,
      prefillWatts: prefill.avgPowerW, decodeWatts: decode.avgPowerW, idleWatts: idle)
  }
}

extension SubjectSummary {
  /// The command that measures places so far out; zero asks for nothing.
  fileprivate func command(prompt: Int, cached: Int, context: Int, sequences: Int) -> String {
    Prediction.command(
      Question(
        promptTokens: max(prompt, 128), cachedTokens: cached, contextTokens: max(context, prompt),
        sequences: sequences), self)
  }
}
