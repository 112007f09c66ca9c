import Records
import Statistics

/// A summary on one screen, plain text of a given width.
package enum TerminalReport {
  package static func text(_ summary: Summary, width: Int = 80, ink: Ink = Ink(isColoured: false)) -> String {
    var page = Page(width: width, ink: ink)
    let machine = summary.machine.map { Wording.lines(of: $0) } ?? ["not written down"]
    for (index, line) in machine.enumerated() {
      page.field(index == 0 ? "machine" : "", line)
    }
    for subject in summary.subjects { page.add(subject, machine: summary.machine) }
    for warning in summary.warnings { page.warn(warning) }
    page.note(Wording.convention)
    return page.lines.joined(separator: "\n") + "\n"
  }

  private struct Page {
    let width: Int
    let ink: Ink
    var lines: [String] = []

    init(width: Int, ink: Ink) {
      self.width = max(40, width)
      self.ink = ink
    }

    mutating func field(_ label: String, _ text: String) { labelled(label, text, emphasis: ink.bold) }

    private mutating func entry(_ label: String, _ text: String) { labelled("  " + label, text) { $0 } }

    /// A label, and beside it the text in a column of its own. Nothing that a person wrote needs more lines than this.
    private mutating func labelled(_ label: String, _ text: String, emphasis: (String) -> String) {
      let margin = 10
      for (index, part) in text.printable.wrapped(width - margin).prefix(Self.longestParagraph).enumerated() {
        let start = index == 0 ? label : ""
        lines.append(emphasis(start) + String(repeating: " ", count: margin - start.columns) + part)
      }
    }

    private static let longestParagraph = 8

    mutating func table(_ title: String, _ table: TextTable) {
      lines += ["", ink.bold(title)] + table.lines(width: width, ink: ink)
    }

    mutating func note(_ text: String) { lines += text.wrapped(width).map(ink.faint) }

    mutating func warn(_ warning: Warning) {
      let parts = warning.message.printable.wrapped(width - 2).prefix(Self.longestParagraph)
      for (index, part) in parts.enumerated() { lines.append(ink.warning((index == 0 ? "! " : "  ") + part)) }
    }

    mutating func add(_ subject: SubjectSummary, machine: MachineCard?) {
      field("model", Wording.line(of: subject.model))
      field("setup", Wording.line(of: subject))
      for (index, line) in Wording.energy(of: machine, subject).enumerated() {
        field(index == 0 ? "energy" : "", line)
      }
      if !subject.prefill.isEmpty { table("Prefill", Tables.prefill(subject.prefill, full: false)) }
      if !subject.decode.isEmpty { table("Decode", Tables.decode(subject.decode, full: false)) }
      add(phases: subject)
      add(operations: subject)
      add(curves: subject)
      lines += ["", ink.bold("Price")]
      add(price: subject.price)
      if !subject.warnings.isEmpty { lines.append("") }
      for warning in subject.warnings { warn(warning) }
      lines.append("")
    }

    private mutating func add(phases subject: SubjectSummary) {
      guard let phases = Tables.phases(subject) else { return }
      table("Phases of a token", phases)
      for line in [subject.sampler.map { Wording.line(of: $0) }, Wording.spread(of: subject)].compactMap(\.self) {
        lines += line.wrapped(width - 4, indent: "  ").map { "  " + $0 }
      }
    }

    private mutating func add(operations subject: SubjectSummary) {
      let points = [MeasuredPoint.reference(among: subject.decode), .reference(among: subject.prefill)].compactMap(
        \.self)
      if points.isEmpty { return }
      table("Work of one token", Tables.operations(points, full: false))
      for point in points {
        lines += Wording.rates(of: point).wrapped(width - 4, indent: "  ").map { "  " + $0 }
      }
    }

    private mutating func add(curves subject: SubjectSummary) {
      lines += ["", ink.bold("Cost curves")]
      add(curve: "prefill", subject.prefillCurve, absence: subject.prefillCurveAbsentReason)
      add(curve: "decode", subject.decodeCurve, absence: subject.decodeCurveAbsentReason)
    }

    private mutating func add(curve name: String, _ fit: FittedCurve?, absence: String?) {
      guard let fit else { return entry(name, "no curve: \(absence ?? "not measured")") }
      entry(name, Wording.formula(fit))
      entry("", Wording.domain(fit))
    }

    private mutating func add(price: PriceSummary) {
      entry("host", price.label)
      for line in Wording.lines(of: price) { entry(line.label, line.text) }
    }
  }
}
