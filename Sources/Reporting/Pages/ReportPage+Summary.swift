import Analysis
import Pricing
import Quantities
import Records
import Statistics

/// The report of a measurement.
extension ReportPage {
  package init(_ summary: Summary) {
    self.init()
    add(.heading("What a token costs", level: 1))
    fields("machine", summary.machine.map { Wording.lines(of: $0) } ?? ["not written down"])
    for (index, subject) in summary.subjects.enumerated() {
      add(subject, index, summary.machine, summary.closures.filter { $0.subject == subject.closureName })
    }
    for choice in summary.threadChoices { add(choice) }
    for warning in summary.warnings { add(.warning(warning)) }
    add(.note(Wording.convention))
    if let command = summary.command {
      add(.heading("Command", level: 2), detail: true)
      add(.command(command), detail: true)
    }
    add(.heading("Files", level: 2), detail: true)
    add(.note(Wording.files), detail: true)
  }

  private mutating func add(
    _ subject: SubjectSummary, _ index: Int, _ machine: MachineCard?, _ closures: [Closure]
  ) {
    add(.heading("\(subject.model.name) \(subject.model.format)", level: 2))
    field("model", Wording.line(of: subject.model))
    if let slices = Wording.slices(of: subject) { field("slices", slices) }
    field("setup", Wording.line(of: subject))
    add(.names("kernels", subject.configuration.kernels), detail: true)
    add(.names("made by", subject.toolVersions.map { "version \($0)" }), detail: true)
    fields("energy", Wording.energy(of: machine, subject))
    if !subject.prefill.isEmpty { table("Prefill", PointTables.prefill(subject.prefill)) }
    if !subject.decode.isEmpty { table("Decode", PointTables.decode(subject.decode)) }
    for (name, title, svg) in [
      ("prefill", "Seconds of a token of a prompt over its length", CurveChart.prefill(subject)),
      ("decode", "Seconds of a decoded token over its context", CurveChart.decode(subject)),
    ] {
      guard let svg else { continue }
      let file = index == 0 ? "\(name).svg" : "\(name)-\(index + 1).svg"
      add(.chart(Chart(title: title, svg: svg, fileName: file)))
    }
    if let phases = subject.phases {
      let notes =
        [
          subject.sampler.map { Wording.line(of: $0) }, Wording.startUp(of: subject), Wording.spread(of: subject),
        ].compactMap(\.self) + subject.references.map { Wording.line(of: $0) }
      add(.table("Phases of a token", PointTables.phases(phases), notes: notes))
    }
    let points = [subject.decode, subject.prefill].compactMap { MeasuredPoint.reference(among: $0) }
    if !points.isEmpty {
      add(.table("Work of one token", PointTables.operations(points), notes: points.map { Wording.rates(of: $0) }))
    }
    add(.section("Cost curves, as paid"))
    add("prefill", subject.prefillCurve, absence: subject.prefillCurveAbsentReason)
    add("decode", subject.decodeCurve, absence: subject.decodeCurveAbsentReason)
    if let batch = subject.batchCurve { add("batch", batch, absence: nil) }
    for (name, curve) in [
      ("undisturbed prefill", subject.undisturbedPrefillCurve), ("undisturbed decode", subject.undisturbedDecodeCurve),
    ] {
      if let curve { add(.entry(name, Wording.formula(curve)), detail: true) }
    }
    for fit in CurveReport(subject).curves where fit.fitted != nil {
      add(.table("Residuals of the \(fit.name) curve", CurveTables.residuals(fit), notes: []), detail: true)
    }
    for closure in closures { add(closure, subject.price.tariff) }
    if let svg = ClosureChart.svg(closures) {
      let file = index == 0 ? "kernels.svg" : "kernels-\(index + 1).svg"
      add(.chart(Chart(title: "Kernels against the whole", svg: svg, fileName: file)))
    }
    add(.section("Price, as paid"))
    add(.entry("host", subject.price.tariff.label))
    if let sheet = subject.price.sheet {
      add(sheet)
      if let line = Wording.anotherHour(subject) { add(.entry("again", line)) }
      for (name, line) in Wording.besides(subject) { add(.entry(name, line)) }
    } else {
      add(.entry("tokens", "no price: \(subject.price.absentReason ?? "not measured")"))
    }
    if !subject.warnings.isEmpty { add(.space) }
    for warning in subject.warnings { add(.warning(warning)) }
    add(.space)
  }

  private mutating func add(_ choice: ThreadChoice) {
    let mark = choice.isEnergyEstimated ? "≈ " : ""
    let figures: [(String, KeyPath<ThreadChoice.Row, Estimate?>, Unit)] = [
      ("input token", \.prefillSecondsPerToken, .seconds), ("output token", \.decodeSecondsPerToken, .seconds),
      ("\(mark)J input", \.prefillJoulesPerToken, .joules), ("\(mark)J output", \.decodeJoulesPerToken, .joules),
    ].filter { figure in choice.rows.contains { $0[keyPath: figure.1] != nil } }
    var table = TextTable([TextTable.figure("threads")] + figures.map { TextTable.figure($0.0) })
    for row in choice.rows {
      table.add(
        ["\(row.threads)"]
          + figures.map { figure in
            let best = choice.best(figure.1) == row.threads ? "* " : ""
            return row[keyPath: figure.1].map { "\(best)\(figure.2.text($0))" } ?? "absent"
          })
    }
    add(.table("Threads, \(choice.model)", table, notes: ["* the least; at the reference lengths, as paid"]))
    add(.space)
  }

  private mutating func add(_ name: String, _ fit: FittedCurve?, absence: String?) {
    guard let fit else { return add(.entry(name, "no curve: \(absence ?? "not measured")")) }
    add(.entry(name, Wording.formula(fit)))
    add(.entry("", Wording.domain(fit)))
    add(.entry("", "intervals: \(fit.method)"), detail: true)
  }

  private mutating func add(_ sheet: PriceSheet) {
    add(
      .entry(
        "input",
        "\(Unit.dollars(sheet.dollarsPerMillionInputTokens)) per million tokens, in a prompt of \(sheet.promptTokens ?? 0)"
      ))
    add(
      .entry(
        "output",
        "\(Unit.dollars(sheet.dollarsPerMillionOutputTokens)) per million tokens, at a context of "
          + "\(sheet.contextTokens ?? 0): \(Wording.parts(of: sheet))"))
    if let ratio = sheet.outputToInputRatio { add(.entry("ratio", Wording.line(ofRatio: ratio))) }
  }
}
