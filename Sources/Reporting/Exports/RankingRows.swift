import Analysis
import Statistics

/// A ranking as CSV, a row for each machine and setup.
package enum RankingRows {
  package static func csv(_ ranking: Ranking) -> String {
    let figures: [(String, KeyPath<Ranking.Row, Estimate?>)] = [
      ("dollars_per_million_input_tokens", \.dollarsPerMillionInputTokens),
      ("dollars_per_million_output_tokens", \.dollarsPerMillionOutputTokens),
      ("joules_per_input_token", \.joulesPerInputToken), ("joules_per_output_token", \.joulesPerOutputToken),
    ]
    let header =
      ["machine", "machine_fingerprint", "source", "model", "format", "threads", "isa", "within_limits", "canonical"]
      + figures.flatMap { [$0.0, "\($0.0)_low", "\($0.0)_high"] }
      + ["energy_method", "seconds_per_token_p95", "seconds_to_first_token_p95", "host"]
    let rows = ranking.rows.map { row in
      let setup = [
        row.machine.csvField, (row.fingerprint ?? "").csvField, row.source.csvField, row.model.csvField,
        row.format.csvField, "\(row.threads)", row.isa.csvField, "\(row.isWithinLimits)", "\(row.isCanonical)",
      ]
      let values = figures.flatMap { _, figure -> [String] in
        guard let estimate = row[keyPath: figure] else { return ["", "", ""] }
        return ["\(estimate.value)"]
          + [estimate.interval?.low, estimate.interval?.high].map { $0.map { "\($0)" } ?? "" }
      }
      let rest = [
        (row.energyLabel ?? "").csvField, row.secondsPerTokenP95.map { "\($0)" } ?? "",
        row.secondsToFirstTokenP95.map { "\($0)" } ?? "", row.host.csvField,
      ]
      return (setup + values + rest).joined(separator: ",")
    }
    return ([header.joined(separator: ",")] + rows).joined(separator: "\n") + "\n"
  }
}
