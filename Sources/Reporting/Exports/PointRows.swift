import Analysis
import Records
import Statistics

/// Every measured place of some results as a row of CSV, with its limits; empty where a figure is absent.
package enum PointRows {
  package static func csv(_ summaries: [(source: String, summary: Summary)]) -> String {
    let figures: [(String, (MeasuredPoint) -> Estimate?)] = [
      ("tokens_per_second", { $0.tokensPerSecond }), ("seconds_per_token", { $0.secondsPerToken }),
      ("undisturbed_seconds_per_token", { $0.undisturbedSecondsPerToken }),
      ("dollars_per_million_tokens", { $0.dollarsPerMillionTokens }),
      ("joules_per_token", { $0.energy?.joulesPerToken }),
    ]
    let header =
      [
        "source", "machine", "machine_fingerprint", "model", "format", "threads", "isa", "phase", "prompt_tokens",
        "context_tokens", "sequences", "runs", "flagged_runs",
      ]
      + figures.flatMap { [$0.0, "\($0.0)_low", "\($0.0)_high"] } + ["energy_method"]
    var lines = [header.joined(separator: ",")]
    for (source, summary) in summaries {
      for subject in summary.subjects {
        let setup = [
          source.csvField, (summary.machine?.name ?? "").csvField, (summary.machine?.fingerprint ?? "").csvField,
          subject.model.name.csvField, subject.model.format.csvField, "\(subject.configuration.threads)",
          subject.configuration.isa.csvField,
        ]
        for point in subject.prefill + subject.decode + [subject.sampling].compactMap(\.self) {
          let place = [
            point.phase.rawValue, "\(point.promptTokens)", "\(point.contextTokens)", "\(point.sequences)",
            "\(point.runs)",
            "\(point.flaggedRuns)",
          ]
          let values = figures.flatMap { _, figure -> [String] in
            guard let estimate = figure(point) else { return ["", "", ""] }
            return [
              "\(estimate.value)", estimate.interval.map { "\($0.low)" } ?? "",
              estimate.interval.map { "\($0.high)" } ?? "",
            ]
          }
          lines.append((setup + place + values + [(point.energy?.label ?? "").csvField]).joined(separator: ","))
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
