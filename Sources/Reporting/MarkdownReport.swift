import Records
import Statistics

/// A summary as `report.md`: the content of the terminal's screen with every column, kernel and method.
package enum MarkdownReport {
  /// `charts` are file names beside the report, one for each subject that has one.
  package static func text(_ summary: Summary, charts: [Int: String] = [:]) -> String {
    var lines = [
      "# What a token costs\n", Wording.convention + "\n", "## Machine\n",
    ]
    let machine = summary.machine.map { Wording.lines(of: $0) } ?? ["Not written down."]
    lines += machine.map { "- \($0.markdownCell)" }
    for (index, subject) in summary.subjects.enumerated() {
      lines += section(subject, machine: summary.machine, chart: charts[index])
    }
    if !summary.warnings.isEmpty { lines += ["", "## Warnings\n"] + summary.warnings.map(item) }
    if let command = summary.command { lines += ["", "## Command\n", "    \(command.printable)"] }
    lines += ["", "## Files\n", Wording.files]
    return lines.joined(separator: "\n") + "\n"
  }

  private static func section(_ subject: SubjectSummary, machine: MachineCard?, chart: String?) -> [String] {
    var lines = ["", "## \(subject.model.name.markdownCell) \(subject.model.format.markdownCell)\n"]
    lines += [Wording.line(of: subject.model), Wording.line(of: subject)].map { "- \($0.markdownCell)" }
    lines.append("- Kernels: \(list(subject.configuration.kernels))")
    lines.append("- Made by version \(list(subject.toolVersions))")
    lines += Wording.energy(of: machine, subject).map { "- Energy \($0.markdownCell)" }
    lines += table("Prefill", Tables.prefill(subject.prefill, full: true))
    lines += table("Decode", Tables.decode(subject.decode, full: true))
    if let chart { lines += ["", "![Seconds of a decoded token over its context](\(chart))"] }
    lines += phases(subject) + work(subject) + curves(subject) + price(subject.price)
    if !subject.warnings.isEmpty { lines += ["", "### Warnings\n"] + subject.warnings.map(item) }
    return lines
  }

  private static func table(_ title: String, _ table: TextTable) -> [String] {
    table.rows.isEmpty ? [] : ["", "### \(title)\n"] + table.markdown()
  }

  private static func phases(_ subject: SubjectSummary) -> [String] {
    guard let phases = Tables.phases(subject) else { return [] }
    let notes = [subject.sampler.map { Wording.line(of: $0) }, Wording.spread(of: subject)].compactMap(\.self)
    return table("Phases of a token", phases) + (notes.isEmpty ? [] : [""]) + notes.map { "- \($0.markdownCell)" }
  }

  private static func work(_ subject: SubjectSummary) -> [String] {
    let points = [subject.decode, subject.prefill].compactMap { MeasuredPoint.reference(among: $0) }
    if points.isEmpty { return [] }
    return table("Work of one token", Tables.operations(points, full: true)) + [""]
      + points.map { "- \(Wording.rates(of: $0).markdownCell)" }
  }

  private static func curves(_ subject: SubjectSummary) -> [String] {
    var lines = ["", "### Cost curves\n"]
    for (name, fit, absence) in [
      ("Prefill", subject.prefillCurve, subject.prefillCurveAbsentReason),
      ("Decode", subject.decodeCurve, subject.decodeCurveAbsentReason),
    ] {
      if let fit {
        lines.append(
          "- \(name): \(Wording.formula(fit)), for \(Wording.domain(fit)) (\(fit.curve.method.rawValue.markdownCell))")
      } else {
        lines.append("- \(name): no curve: \((absence ?? "not measured").markdownCell)")
      }
    }
    return lines
  }

  private static func price(_ price: PriceSummary) -> [String] {
    ["", "### Price\n", "- Host: \(price.label)"]
      + Wording.lines(of: price).map { "- \($0.label.capitalized): \($0.text.markdownCell)" }
  }

  private static func list(_ names: [String]) -> String {
    names.isEmpty
      ? "not written down" : names.map { "`\($0.printable.replacing("`", with: ""))`" }.joined(separator: ", ")
  }

  private static func item(_ warning: Warning) -> String { "- \(warning.message.markdownCell)" }
}

extension String {
  fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}
