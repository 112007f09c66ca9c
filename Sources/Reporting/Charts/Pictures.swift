import Analysis
import Quantities
import Records
import Statistics

/// The pictures of one subject, each with the sentence that it proves.
package enum Pictures {
  /// In the order of a report. Files of subjects after the first have its number in their names.
  static func all(_ subject: SubjectSummary, _ index: Int, _ closures: [Closure]) -> [ReportPage.Chart] {
    let suffix = index == 0 ? ".svg" : "-\(index + 1).svg"
    return [
      decode(subject, "decode" + suffix), prefill(subject, "prefill" + suffix), frontier(subject, "batch" + suffix),
      latency(subject, "latency" + suffix), windows(subject, "windows" + suffix), work(subject, "work" + suffix),
      roofline(subject, closures, "roofline" + suffix), kernels(closures, "kernels" + suffix),
      residuals(subject, "residuals" + suffix), doubts(subject, "doubts" + suffix),
    ].compactMap(\.self)
  }

  // MARK: - Cost over what it grows with

  /// What a decoded token takes over its context.
  package static func decode(_ subject: SubjectSummary, _ file: String) -> ReportPage.Chart? {
    guard let fit = subject.decodeCurve else { return nil }
    let curve = fit.drawn(places: 48)
    guard let first = curve.first, let last = curve.last, first.cost.value > 0 else { return nil }
    let points = subject.decode.filter { $0.sequences == 1 }
    let growth = (last.cost.value / first.cost.value - 1) * 100
    return overPlaces(
      "What a decoded token takes over its context",
      "From a context of \(Int(first.x)) to \(Int(last.x)) a token takes \(Unit.seconds.text(first.cost)) to "
        + "\(Unit.seconds.text(last.cost)), \(growth.fixed(0)) % more, as paid.",
      "tokens in the context",
      // At the middle of the contexts that its run went through.
      points.map { (Double($0.contextTokens) + Double(max(0, $0.generatedTokens - 1)) / 2, $0) },
      curve.map { ($0.x, $0.cost) }, again: subject.reproduced?.output, file)
  }

  /// What a token of a prompt takes over the length of the prompt, nothing in the cache before it.
  static func prefill(_ subject: SubjectSummary, _ file: String) -> ReportPage.Chart? {
    guard let fit = subject.prefillCurve else { return nil }
    // Short prompts share a pass among few tokens: there the curve is steep.
    let curve = fit.drawn(places: 192).filter { $0.x > 0 }.map { ($0.x, $0.cost.scaled(by: 1 / $0.x)) }
    guard let least = curve.min(by: { $0.1.value < $1.1.value }) else { return nil }
    let points = subject.prefill.filter { $0.sequences == 1 && $0.contextTokens == 0 }
    return overPlaces(
      "What a token of a prompt takes over the prompt's length",
      "A token of a prompt is cheapest at a length of \(Int(least.0)): \(Unit.seconds.text(least.1)) as paid.",
      "tokens of the prompt", points.map { (Double($0.promptTokens), $0) }, curve, again: subject.reproduced?.input,
      file)
  }

  private static func overPlaces(
    _ title: String, _ sentence: String, _ axis: String, _ points: [(x: Double, point: MeasuredPoint)],
    _ curve: [(x: Double, cost: Estimate)], again: Estimate?, _ file: String
  ) -> ReportPage.Chart? {
    let highest = points.map(\.point.secondsPerToken.value).max() ?? curve.map(\.cost.value).max() ?? 0
    let unit = Unit.seconds.scale(for: highest)
    func spot(_ x: Double, _ time: Estimate, _ name: String? = nil) -> Plot.Spot {
      Plot.Spot(
        x: x, low: max(0, time.interval?.low ?? time.value) / unit.factor, value: time.value / unit.factor,
        high: (time.interval?.high ?? time.value) / unit.factor, name: name)
    }
    let line = curve.map { spot($0.x, $0.cost) }
    var marks: [Plot.Mark] = []
    if let again, let interval = again.interval, again.value > 0 {
      let (low, high) = (max(0, interval.low / again.value), interval.high / again.value)
      marks.append(
        .band(
          line.map { Plot.Spot(x: $0.x, low: $0.value * low, value: $0.value, high: $0.value * high) }, isOuter: true))
    }
    marks.append(.band(line, isOuter: false))
    marks.append(.line(line, name: "curve", isDashed: false))
    marks.append(
      .dots(
        points.flatMap { place in
          place.point.unitSecondsPerToken.map { Plot.Spot(x: place.x, value: $0 / unit.factor) }
        }, name: "one window"))
    marks.append(.points(points.map { spot($0.x, $0.point.secondsPerToken) }, name: "measured", isNamed: false))
    let legend =
      " Points: measured means with 95 % intervals; small dots: single windows; band: the curve's interval"
      + (again == nil ? "." : ", and around it that of another hour of this machine.")
    return .init(
      title, sentence + legend, Plot(horizontal: .init(axis), vertical: .init("\(unit.symbol) per token"), marks),
      fileName: file)
  }

  // MARK: - Batches, readers, windows

  /// Cost against speed for each reader, by the number of sequences that share a step.
  static func frontier(_ subject: SubjectSummary, _ file: String) -> ReportPage.Chart? {
    let several = subject.decode.filter { $0.sequences > 1 }
    guard let context = several.first?.contextTokens else { return nil }
    let points = subject.decode.filter { $0.contextTokens == context }.sorted { $0.sequences < $1.sequences }
    let spots = points.compactMap { point -> Plot.Spot? in
      guard let step = point.timePerOutputTokenSeconds?.value, step > 0 else { return nil }
      let price = point.dollarsPerMillionTokens
      return Plot.Spot(
        x: 1 / step, low: price.interval?.low, value: price.value, high: price.interval?.high,
        name: Wording.count(point.sequences, "sequence"))
    }
    guard spots.count > 1, let one = spots.first, let most = spots.last, let last = points.last, most.value > 0 else {
      return nil
    }
    return .init(
      "Cost of an output token against the speed of each reader",
      "\(last.sequences) sequences that share a step make a token \((one.value / most.value).significant(2)) times cheaper, and "
        + "each reader waits \((one.x / most.x).significant(2)) times longer for it, at a context of \(context).",
      Plot(
        horizontal: .init("tokens per second for each reader"), vertical: .init("$ per million output tokens"),
        [.line(spots, name: nil, isDashed: true), .points(spots, name: "", isNamed: true)]), fileName: file)
  }

  /// How long steps take, by the share that takes no longer.
  static func latency(_ subject: SubjectSummary, _ file: String) -> ReportPage.Chart? {
    guard let point = MeasuredPoint.reference(among: subject.decode), let found = point.percentiles else { return nil }
    let unit = Unit.seconds.scale(for: found.p50Seconds.value)
    let spots = zip(MeasuredPoint.Percentiles.distribution, found.distributionSeconds).map { share, seconds in
      Plot.Spot(x: seconds / unit.factor, value: share * 100)
    }
    let named = [("p50", 0.5, found.p50Seconds), ("p90", 0.9, found.p90Seconds), ("p99", 0.99, found.p99Seconds)].map {
      Plot.Spot(x: $0.2.value / unit.factor, value: $0.1 * 100, name: "\($0.0) \(Unit.seconds.text($0.2.value))")
    }
    return .init(
      "How long steps of decoding take",
      "Half of \(found.samples) steps at a context of \(point.contextTokens) take at most \(Unit.seconds.text(found.p50Seconds)), "
        + "one in a hundred more than \(Unit.seconds.text(found.p99Seconds)).",
      Plot(
        horizontal: .init("\(unit.symbol) a step", startsAtZero: false),
        vertical: .init("% of steps that take no longer"),
        [.line(spots, name: nil, isDashed: false), .points(named, name: "", isNamed: true)]), fileName: file)
  }

  /// What the reference places took in each window: what the machine did meanwhile.
  static func windows(_ subject: SubjectSummary, _ file: String) -> ReportPage.Chart? {
    let points = [subject.prefill, subject.decode].compactMap { MeasuredPoint.reference(among: $0) }.filter {
      $0.unitSecondsPerToken.count > 2
    }
    guard !points.isEmpty else { return nil }
    var widest = 0.0
    let marks = points.flatMap { point -> [Plot.Mark] in
      let mean = point.secondsPerToken.value
      let shares = point.unitSecondsPerToken.map { $0 / mean * 100 }
      widest = max(widest, (shares.max() ?? 100) - (shares.min() ?? 100))
      let spots = shares.enumerated().map { Plot.Spot(x: Double($0 + 1), value: $1) }
      return [
        .line(spots, name: "\(point.phase.rawValue) at \(point.length)", isDashed: point.phase == .prefill),
        .points(spots, name: "\(point.phase.rawValue), % of its mean", isNamed: false),
      ]
    }
    return .init(
      "How steady the machine was",
      "Within this measurement the cost of a token moved by \(widest.fixed(0)) % of its mean from the best to the worst window.",
      Plot(
        horizontal: .init("window or process, in order", startsAtZero: false),
        vertical: .init("% of the mean, per token", startsAtZero: false), marks), fileName: file)
  }

  // MARK: - Where it goes

  /// Operations and bytes of a token by operation.
  static func work(_ subject: SubjectSummary, _ file: String) -> ReportPage.Chart? {
    let points = [subject.decode, subject.prefill].compactMap { MeasuredPoint.reference(among: $0) }
    let bars = points.flatMap { point -> [Bars.Bar] in
      func bar(_ name: String, _ unit: Unit, _ amount: (OperationCount) -> Double) -> Bars.Bar {
        let parts = point.operationsPerToken.map { ($0.key, amount($0.value)) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
        return Bars.Bar("\(point.phase.rawValue), \(name)", parts.map { Bars.Part($0.0, $0.1, unit.text($0.1)) })
      }
      return [
        bar("operations", .count) { $0.flops.value }, bar("bytes", .bytes) { ($0.bytesRead + $0.bytesWritten).value },
      ]
    }
    guard let decode = points.first(where: { $0.phase == .decode }),
      let most = decode.operationsPerToken.max(by: { $0.value.bytesRead.value < $1.value.bytesRead.value })
    else { return nil }
    let all = decode.operationsPerToken.values.reduce(0) { $0 + $1.bytesRead.value }
    return .init(
      "Where the operations and bytes of a token go",
      "Of the \(Unit.bytes.text(all)) that a decoded token reads at a context of \(decode.contextTokens), "
        + "\(most.key) reads \(Unit.share.text(all > 0 ? most.value.bytesRead.value / all : 0)).",
      Bars(bars, isShare: true, unit: "per token"), fileName: file)
  }

  /// Phases, and kernels where they were timed, between the machine's roofs.
  static func roofline(_ subject: SubjectSummary, _ closures: [Closure], _ file: String) -> ReportPage.Chart? {
    let points = (subject.decode + subject.prefill).filter { $0.sequences == 1 || $0.phase == .decode }
    let reference = [subject.decode, subject.prefill].compactMap { MeasuredPoint.reference(among: $0) }
    guard let read = reference.lazy.compactMap(\.readRoofBytesPerSecond).first else { return nil }
    let flops = reference.lazy.compactMap(\.flopRoofFlopsPerSecond).first
    func spot(_ point: MeasuredPoint) -> Plot.Spot? {
      guard point.bytesPerSecond.value > 0, point.flopsPerSecond.value > 0 else { return nil }
      let share = point.phase == .prefill ? point.flopRoofShare : point.readRoofShare
      let sequences = point.sequences > 1 ? " × \(point.sequences)" : ""
      return Plot.Spot(
        x: point.flopsPerSecond.value / point.bytesPerSecond.value, value: point.flopsPerSecond.value / 1e9,
        name: "\(point.phase.rawValue) \(point.length)\(sequences)"
          + (share.map { ", \(Unit.share.text($0.value)) of its roof" } ?? ""))
    }
    let spots = points.compactMap(spot)
    let named = reference.compactMap(spot)
    guard let least = spots.map(\.x).min(), let most = spots.map(\.x).max(), least > 0 else { return nil }
    // The roof: what can be read at that intensity, up to what can be computed.
    let top = flops ?? read * most
    let knee = top / read
    var roof = [least / 1.5, min(max(knee, least), most * 1.5), most * 1.5].sorted()
    if flops == nil { roof.removeLast() }
    let kernels = closures.flatMap { closure in
      closure.parts.compactMap { part -> Plot.Spot? in
        guard let flops = part.flops, let bytes = part.bytes, flops > 0, bytes > 0 else { return nil }
        return Plot.Spot(
          x: flops / bytes, value: flops / part.seconds.value / 1e9,
          name: "\(part.operationClass) of \(closure.name.lowercased())")
      }
    }
    let sentence =
      reference.compactMap { point -> String? in
        let share = point.phase == .prefill ? point.flopRoofShare : point.readRoofShare
        let of = point.phase == .prefill ? "computing" : "reading"
        return share.map {
          "\(point.phase.rawValue) at \(point.length) reaches \(Unit.share.text($0)) of the roof of \(of)"
        }
      }.joined(separator: ", ")
    return .init(
      "How near work comes to what the machine can do",
      "\(sentence.prefix(1).uppercased() + sentence.dropFirst()); roofs were measured in the same windows.",
      Plot(
        horizontal: .init("operations per byte", .logarithmic), vertical: .init("GFLOP/s", .logarithmic),
        [
          .line(roof.map { Plot.Spot(x: $0, value: min(top, read * $0) / 1e9) }, name: "measured roof", isDashed: true),
          .points(kernels, name: "kernel", isNamed: false), .points(spots, name: "", isNamed: false),
          .points(named, name: "", isNamed: true),
        ]), fileName: file)
  }

  /// The kernels of a prompt and of a step beside the whole.
  package static func kernels(_ closures: [Closure], _ file: String) -> ReportPage.Chart? {
    let bars = closures.map { closure in
      Bars.Bar(
        closure.name,
        closure.parts.map { Bars.Part($0.operationClass, $0.seconds.value, Unit.seconds.text($0.seconds.value)) },
        mark: closure.measuredSeconds.map { Bars.Part("whole", $0.value, Unit.seconds.text($0.value)) })
    }
    let sentences = closures.compactMap { closure in
      closure.restShare.map { rest in
        "\(closure.name): its kernels alone take \(Unit.share.text(1 - rest)) of what was measured of the whole"
      }
    }
    // Prompts and steps differ by orders of magnitude: each bar has its own measure.
    return .init(
      "Where the time of a prompt and of a step goes",
      (sentences.isEmpty ? "Each kernel timed alone" : sentences.joined(separator: "; ")) + ".",
      Bars(bars, isShare: true, unit: "time"), fileName: file)
  }

  // MARK: - How sure

  /// How far curves are from what was measured.
  static func residuals(_ subject: SubjectSummary, _ file: String) -> ReportPage.Chart? {
    let fits = CurveReport(subject).curves.filter { $0.fitted != nil && !$0.residuals.isEmpty }
    guard !fits.isEmpty else { return nil }
    let marks = fits.map { fit in
      Plot.Mark.points(
        fit.residuals.map { residual in
          let place = residual.place
          return Plot.Spot(
            x: residual.seconds.value * 1e3, value: residual.relative * 100,
            name: "\(fit.name) of \(place.tokens) behind \(place.context)"
              + (place.sequences > 1 ? ", \(place.sequences) sequences" : ""))
        }, name: fit.name, isNamed: false)
    }
    let errors = fits.flatMap { $0.residuals.map(\.relative.magnitude) }
    let mean = errors.reduce(0, +) / Double(errors.count)
    return .init(
      "Curves against what was measured",
      "At \(errors.count) places the curves are \(Unit.share.text(mean)) off by mean and \(Unit.share.text(errors.max() ?? 0)) at "
        + "most.",
      Plot(
        horizontal: .init("ms measured", .logarithmic),
        vertical: .init("% that the curve is above", startsAtZero: true),
        marks), fileName: file)
  }

  /// What makes the price of an output token uncertain, the most first.
  static func doubts(_ subject: SubjectSummary, _ file: String) -> ReportPage.Chart? {
    guard let sheet = subject.price.sheet else { return nil }
    func half(_ figure: Estimate?, of whole: Estimate) -> Double? {
      guard let interval = figure?.interval, whole.value > 0 else { return nil }
      return interval.halfWidth / whole.value
    }
    let output = sheet.dollarsPerMillionOutputTokens
    let input = sheet.dollarsPerMillionInputTokens
    let sources: [(String, Double?)] = [
      ("input: these windows", half(input, of: input)),
      ("output: decode", half(sheet.dollarsPerMillionDecodedTokens ?? output, of: output)),
      ("output: sampling", half(sheet.dollarsPerMillionSampledTokens, of: output)),
      ("input: another hour", half(subject.reproduced?.input, of: input)),
      ("output: another hour", half(subject.reproduced?.output, of: output)),
    ]
    let known = sources.compactMap { name, value in value.map { (name, $0) } }.sorted { $0.1 > $1.1 }
    guard let most = known.first else { return nil }
    return .init(
      "What makes the prices uncertain",
      "The widest is \(most.0): ± \(Unit.share.text(most.1)) of the price"
        + (subject.reproduced?.output == nil ? "; what another hour would give is not known." : "."),
      Bars(
        known.map { Bars.Bar($0.0, [Bars.Part("±", $0.1 * 100, "± \(Unit.share.text($0.1))")]) }, isShare: false,
        unit: "% of the price"), fileName: file)
  }
}
