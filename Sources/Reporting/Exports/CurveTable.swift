import Analysis

/// The places of curves as CSV: one line a place, seconds as paid.
package enum CurveTable {
  package static func csv(_ reports: [CurveReport]) -> String {
    var lines = [
      "model,format,threads,isa,curve,prompt_tokens,context_tokens,sequences,seconds,low,high,level,fitted_seconds,relative"
    ]
    for report in reports {
      for fit in report.curves {
        for residual in fit.residuals {
          let interval = residual.seconds.interval
          let cells: [String] = [
            report.model.name.csvField, report.model.format.csvField, "\(report.configuration.threads)",
            report.configuration.isa.csvField, fit.name, "\(residual.place.tokens)", "\(residual.place.context)",
            "\(residual.place.sequences)", "\(residual.seconds.value)", interval.map { "\($0.low)" } ?? "",
            interval.map { "\($0.high)" } ?? "", interval.map { "\($0.level)" } ?? "", "\(residual.fittedSeconds)",
            "\(residual.relative)",
          ]
          lines.append(cells.joined(separator: ","))
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
