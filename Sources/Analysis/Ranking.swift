import Pricing
import Records
import Statistics

/// Machines and setups side by side, never pooled: what a token costs on each, and whether a reader would wait too long.
package struct Ranking: Encodable, Sendable {
  package var schema = "inferometer.ranking"
  package var schemaVersion = 1
  package var by: Criterion
  package var limits: Limits
  /// Those within the limits first, each part with the least cost first; what has no figure stands last.
  package var rows: [Row]

  package enum Criterion: String, CaseIterable, Encodable, Sendable {
    case output, input
    case joules
  }

  /// What a reader may wait for at most; nil for no limit.
  package struct Limits: Encodable, Sendable {
    package var secondsPerToken: Double?
    package var secondsToFirstToken: Double?

    package init(secondsPerToken: Double? = nil, secondsToFirstToken: Double? = nil) {
      self.secondsPerToken = secondsPerToken
      self.secondsToFirstToken = secondsToFirstToken
    }
  }

  package struct Row: Encodable, Sendable {
    package var machine: String
    package var fingerprint: String?
    /// Where its records lie.
    package var source: String
    package var model: String
    package var format: String
    package var threads: Int
    package var isa: String
    package var isCanonical: Bool
    package var host: String
    package var dollarsPerMillionInputTokens: Estimate?
    package var dollarsPerMillionOutputTokens: Estimate?
    package var joulesPerInputToken: Estimate?
    package var joulesPerOutputToken: Estimate?
    package var energyLabel: String?
    /// In 95 of 100 cases no longer than this, at the reference lengths.
    package var secondsPerTokenP95: Double?
    package var secondsToFirstTokenP95: Double?
    package var isWithinLimits: Bool
    package var absentReason: String?
  }

  package init(_ summaries: [(source: String, summary: Summary)], by: Criterion, limits: Limits = Limits()) {
    self.by = by
    self.limits = limits
    let rows = summaries.flatMap { source, summary in
      summary.subjects.map { Row($0, summary.machine, source, limits) }
    }
    func cost(_ row: Row) -> Double {
      switch by {
      case .output: row.dollarsPerMillionOutputTokens?.value ?? .infinity
      case .input: row.dollarsPerMillionInputTokens?.value ?? .infinity
      case .joules: row.joulesPerOutputToken?.value ?? .infinity
      }
    }
    self.rows = rows.sorted { a, b in
      if a.isWithinLimits != b.isWithinLimits { return a.isWithinLimits }
      if cost(a) != cost(b) { return cost(a) < cost(b) }
      return [a.machine, a.model, a.format, a.source].lexicographicallyPrecedes([
        b.machine, b.model, b.format, b.source,
      ])
    }
  }
}

extension Ranking.Row {
  init(_ subject: SubjectSummary, _ machine: MachineCard?, _ source: String, _ limits: Ranking.Limits) {
    self.machine = machine?.name ?? "not written down"
    fingerprint = machine?.fingerprint
    self.source = source
    (model, format) = (subject.model.name, subject.model.format)
    (threads, isa) = (subject.configuration.threads, subject.configuration.isa)
    isCanonical = subject.isCanonical
    host = subject.price.tariff.label
    dollarsPerMillionInputTokens = subject.price.sheet?.dollarsPerMillionInputTokens
    dollarsPerMillionOutputTokens = subject.price.sheet?.dollarsPerMillionOutputTokens
    absentReason = subject.price.sheet == nil ? subject.price.absentReason : nil
    let (prefill, decode) = (
      MeasuredPoint.reference(among: subject.prefill), MeasuredPoint.reference(among: subject.decode)
    )
    joulesPerInputToken = prefill?.energy?.joulesPerToken
    joulesPerOutputToken = decode?.energy?.joulesPerToken
    energyLabel = (decode ?? prefill)?.energy?.label
    secondsPerTokenP95 = decode?.waitP95Seconds
    secondsToFirstTokenP95 = prefill?.waitP95Seconds
    func isWithin(_ value: Double?, _ limit: Double?) -> Bool {
      limit.map { limit in value.map { $0 <= limit } ?? false } ?? true
    }
    isWithinLimits =
      isWithin(secondsPerTokenP95, limits.secondsPerToken)
      && isWithin(secondsToFirstTokenP95, limits.secondsToFirstToken)
  }
}
