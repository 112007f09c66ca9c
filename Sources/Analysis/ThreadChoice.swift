import Records
import Statistics

/// One model under setups that differ in their threads alone: which number is cheapest and which takes the least energy, for
/// prompts and for tokens apart.
package struct ThreadChoice: Encodable, Sendable {
  package struct Row: Encodable, Sendable {
    package var threads: Int
    /// At the reference lengths; nil where the phase was not measured.
    package var prefillSecondsPerToken: Estimate?
    package var decodeSecondsPerToken: Estimate?
    package var prefillJoulesPerToken: Estimate?
    package var decodeJoulesPerToken: Estimate?
  }

  package var model: String
  /// At least one of the energies is an estimate.
  package var isEnergyEstimated: Bool
  /// Ascending by threads.
  package var rows: [Row]

  /// One for each model that was measured with several numbers of threads.
  static func all(of subjects: [SubjectSummary]) -> [ThreadChoice] {
    let groups = Dictionary(grouping: subjects) { subject in
      var configuration = subject.configuration
      configuration.threads = 0
      configuration.kernels = []
      return Key(model: subject.model, configuration: configuration)
    }
    return groups.values.filter { $0.count > 1 }.map { subjects in
      ThreadChoice(
        model: "\(subjects[0].model.name) \(subjects[0].model.format)",
        isEnergyEstimated: subjects.contains { subject in
          (subject.prefill + subject.decode).contains { $0.energy?.method.isMeasured == false }
        },
        rows: subjects.map { subject in
          let prefill = MeasuredPoint.reference(among: subject.prefill)
          let decode = MeasuredPoint.reference(among: subject.decode)
          return Row(
            threads: subject.configuration.threads, prefillSecondsPerToken: prefill?.secondsPerToken,
            decodeSecondsPerToken: decode?.secondsPerToken, prefillJoulesPerToken: prefill?.energy?.joulesPerToken,
            decodeJoulesPerToken: decode?.energy?.joulesPerToken)
        }.sorted { $0.threads < $1.threads })
    }.sorted { $0.model < $1.model }
  }

  private struct Key: Hashable {
    var model: ModelIdentity
    var configuration: RunConfiguration
  }

  /// The number of threads with the least of a figure; nil where fewer than two have it.
  package func best(_ figure: KeyPath<Row, Estimate?>) -> Int? {
    let known = rows.filter { $0[keyPath: figure] != nil }
    guard known.count > 1 else { return nil }
    return known.min { ($0[keyPath: figure]?.value ?? 0) < ($1[keyPath: figure]?.value ?? 0) }?.threads
  }
}
