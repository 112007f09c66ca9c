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
    addParts(of: summary)
  }

  /// The machine, each subject, and how it was made.
  mutating func addParts(of summary: Summary) {
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
    add(
      .heading(
        "\(subject.model.name) \(subject.model.format), \(Wording.count(subject.configuration.threads, "thread"))",
        level: 2))
    let headlines = Self.headlines(of: subject)
    if !headlines.isEmpty { add(.headlines(headlines), detail: true) }
    field("model", Wording.line(of: subject.model))
    if let slices = Wording.slices(of: subject) { field("slices", slices) }
    field("setup", Wording.line(of: subject))
    add(.names("kernels", subject.configuration.kernels), detail: true)
    add(.names("made by", subject.toolVersions.map { "version \($0)" }), detail: true)
    fields("energy", Wording.energy(of: machine, subject))
    for chart in Pictures.all(subject, index, closures) { add(.chart(chart), detail: true) }
    if !subject.prefill.isEmpty { table("Prefill", PointTables.prefill(subject.prefill)) }
    if !subject.decode.isEmpty { table("Decode", PointTables.decode(subject.decode)) }
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

  /// The three figures that a page begins with; none without a price.
  static func headlines(of subject: SubjectSummary) -> [Headline] {
    guard let sheet = subject.price.sheet else { return [] }
    let host = "as paid, at \(Unit.dollars(subject.price.tariff.price.dollarsPerHour.value)) an hour"
    var figures = [
      Headline(
        "A million input tokens", Unit.dollars(sheet.dollarsPerMillionInputTokens),
        "in a prompt of \(sheet.promptTokens ?? 0), \(host)"),
      Headline(
        "A million output tokens", Unit.dollars(sheet.dollarsPerMillionOutputTokens),
        "at a context of \(sheet.contextTokens ?? 0), \(host)"),
    ]
    if let ratio = sheet.outputToInputRatio {
      figures.append(
        Headline(
          "Input tokens for one output token", Unit.bare(ratio), "the ratio of both costs, whatever the host's price"))
    }
    return figures
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
