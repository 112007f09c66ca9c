import Analysis
import CostCurves
import Pricing
import Quantities
import Records
import Statistics

/// Phrases of reports.
package enum Wording {
  /// The machine in up to three lines: what it is, what it has, what it can run.
  package static func lines(of machine: MachineCard) -> [String] {
    var facts = [count(machine.onlineProcessors ?? machine.processors, "processor")]
    if let cores = machine.cores, let threads = machine.threadsPerCore {
      // Descriptions of version 0.1 count the processors of the process, but the cores of the machine.
      if machine.onlineProcessors == nil, cores > machine.processors { facts[0] += " for this process" }
      facts[0] += " (\(count(cores, "core")), \(count(threads, "thread")) each)"
    }
    if let online = machine.onlineProcessors, online != machine.processors {
      facts.append("of which this process may use \(machine.processors)")
    }
    if let quota = machine.processorQuota { facts.append("quota of \(quota.significant(2)) processors' time") }
    if let memory = machine.memoryBytes { facts.append("\(binary(memory)) memory") }
    facts += machine.caches.sorted { $0.level < $1.level }.map { "L\($0.level) \(binary($0.bytes))" }
    if let hypervisor = machine.hypervisor { facts.append(hypervisor) }
    if let kernel = machine.kernelRelease { facts.append("Linux \(kernel)") }
    let name = machine.name + (machine.microarchitecture.isEmpty ? "" : " (\(machine.microarchitecture))")
    let sets = machine.instructionSets.joined(separator: " ")
    return [name, facts.joined(separator: ", "), sets].filter { !$0.isEmpty }.map(\.printable)
  }

  static func line(of model: ModelIdentity) -> String {
    let size =
      "\(Unit.parameters.text(Double(model.parameters))) parameters, \(Unit.bytes.text(model.weightBytes.value))"
    return "\(model.name), \(model.architecture), \(model.format), \(size) (\(model.source))".printable
  }

  /// How much of the model was measured, where it was not all of it.
  static func slices(of subject: SubjectSummary) -> String? {
    guard let slices = subject.slices, let layers = subject.model.layers else { return nil }
    return
      "\(slices.map(String.init).joined(separator: ", ")) of its \(layers.reduce(0) { $0 + $1.count }) layers were "
      + "measured; all figures are extrapolated in depth, window by window"
  }

  static func line(of subject: SubjectSummary) -> String {
    let setup = subject.configuration
    let cache = setup.keyType == setup.valueType ? setup.keyType : "\(setup.keyType)/\(setup.valueType)"
    let flagged = subject.flaggedRuns > 0 ? ", \(subject.flaggedRuns) with a verdict against them" : ""
    var facts = [
      count(setup.threads, "thread"), setup.isa, "\(setup.activations) activations", "\(cache) cache",
    ]
    // The built-in tuning is no news.
    if let tokens = setup.manyTokens, let tuning = setup.tuning, tuning != "standard" {
      facts.append("weights \(tokens.phrase) (\(tuning))")
    }
    let processes = subject.processes.map { " of \(count($0, "process"))" } ?? ""
    facts.append(count(subject.runs, "run") + processes + flagged)
    return facts.joined(separator: ", ").printable
  }

  /// The energy of a token, how it came about and what makes it uncertain; or why there is none.
  static func energy(of machine: MachineCard?, _ subject: SubjectSummary) -> [String] {
    let points = [MeasuredPoint.reference(among: subject.decode), .reference(among: subject.prefill)].compactMap(\.self)
    let lines = points.compactMap { point in point.energy.map { energy($0, of: point) } }
    guard let first = points.lazy.compactMap(\.energy).first else {
      return (subject.energyAbsentReason ?? machine?.energyAbsentReason).map { ["absent: \($0)".printable] } ?? []
    }
    guard !first.method.isMeasured else { return lines }
    var basis = first.coefficientSet.map { "coefficients \($0.id), version \($0.version)" } ?? "no coefficients named"
    if !first.dominantUncertainty.isEmpty {
      basis += "; the interval comes from \(first.dominantUncertainty.joined(separator: ", "))"
    }
    let sensor = machine?.energyAbsentReason.map { "no sensor: \($0)".printable }
    return lines + [(basis + "; ratios on one machine are far surer").printable] + [sensor].compactMap(\.self)
  }

  private static func energy(_ energy: PointEnergy, of point: MeasuredPoint) -> String {
    let place =
      point.phase == .prefill ? "per input token of \(point.length)" : "per decoded token at context \(point.length)"
    let active = energy.idleSubtractedJoulesPerToken.map { ", \(text($0, energy)) without idle" } ?? ""
    return "\(text(energy.joulesPerToken, energy)) \(place)\(active): \(energy.label)".printable
  }

  /// A figure of energy as it may be shown: an estimate is marked as one.
  private static func text(_ figure: Estimate, _ energy: PointEnergy) -> String {
    (energy.method.isMeasured ? "" : "≈ ") + Unit.joules.text(figure)
  }

  /// A fitted curve as the sum of its terms: `8.21 ± 0.05 ms a pass + 1.23 ± 0.10 µs a token`.
  static func formula(_ fit: FittedCurve) -> String {
    fit.terms.map { "\(coefficient($0.seconds)) \($0.term.each)" }.joined(separator: " + ")
  }

  /// What may be zero has a limit, and no value that is worth its digits.
  private static func coefficient(_ estimate: Estimate) -> String {
    guard let interval = estimate.interval, interval.low <= 0, interval.high > 0 else {
      return Unit.seconds.text(estimate)
    }
    let scale = Unit.seconds.scale(for: interval.high)
    return "(at most \((interval.high / scale.factor).significant(2)) \(scale.symbol))"
  }

  /// Where a curve holds and what it is made of.
  static func domain(_ fit: FittedCurve) -> String {
    let ranges = Axis.allCases.compactMap { axis -> String? in
      let range = fit.curve.domain[axis]
      if axis == fit.axis { return "\(axis.name) \(range.lowerBound) to \(range.upperBound)" }
      if range.upperBound <= 1 { return nil }
      return "\(axis.name) " + (range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)")
    }
    let spread = fit.residualSpread.map { ", residuals spread \(Unit.share.text($0))" } ?? ""
    let lack =
      fit.lackOfFitProbability.map { ", lack of fit p \($0 < 0.001 ? "< 0.001" : "= " + $0.significant(2))" } ?? ""
    let others =
      fit.leftOut.isEmpty
      ? "" : "; at \(fit.leftOut.map { "\(fit.axis.of($0))" }.distinct.joined(separator: ", ")) another kernel runs"
    return ranges.joined(separator: ", ")
      + ": \(count(fit.pointCount, "point")) of \(count(fit.unitCount, fit.unit))\(spread)\(lack)\(others)"
  }

  /// What a point reaches: `decode at context 512: 12.3 GFLOP/s, 9.8 GB/s, 61 % of the read roof of 16.1 GB/s`.
  static func rates(of point: MeasuredPoint) -> String {
    let place =
      point.phase == .prefill ? "prefill of \(count(point.length, "token"))" : "decode at context \(point.length)"
    var rates = [Unit.flopRate.text(point.flopsPerSecond), Unit.byteRate.text(point.bytesPerSecond)]
    if let share = point.readRoofShare, let roof = point.readRoofBytesPerSecond {
      rates.append("\(Unit.share.text(share)) of the read roof of \(Unit.byteRate.text(roof))")
    }
    if let share = point.flopRoofShare, let roof = point.flopRoofFlopsPerSecond {
      rates.append("\(Unit.share.text(share)) of the FLOP roof of \(Unit.flopRate.text(roof))")
    }
    return "\(place): \(rates.joined(separator: ", "))"
  }

  static func line(ofRatio ratio: Estimate) -> String {
    "an output token costs as much as \(Unit.bare(ratio)) input tokens"
  }

  /// What the price of an output token contains.
  static func parts(of sheet: PriceSheet) -> String {
    guard let decode = sheet.dollarsPerMillionDecodedTokens, let sampling = sheet.dollarsPerMillionSampledTokens else {
      return "decode alone, sampling was not measured"
    }
    return "decode \(Unit.dollars(decode)), sampling \(Unit.dollars(sampling))"
  }

  /// What stands beside the prices of tokens: the start of a request, and what nobody pays.
  static func besides(_ subject: SubjectSummary) -> [(name: String, line: String)] {
    var lines: [(name: String, line: String)] = []
    let price = subject.price
    if let startUp = price.curves?.startUp, startUp.value > 0 {
      let dollars = Unit.dollars(price.tariff.dollars(for: startUp.scaled(by: 1e6)))
      lines.append(("request", "\(dollars) per million requests for their first steps, beside their tokens"))
    }
    if let undisturbed = price.undisturbed {
      lines.append(
        (
          "",
          "undisturbed: input \(Unit.dollars(undisturbed.dollarsPerMillionInputTokens)), output "
            + "\(Unit.dollars(undisturbed.dollarsPerMillionOutputTokens)): by the \(subject.runs - subject.flaggedRuns) of "
            + "\(subject.runs) runs without a verdict; compare machines by these"
        ))
    }
    return lines
  }

  /// What another hour of the machine would give (reproducibility), or why that is not known.
  static func anotherHour(_ subject: SubjectSummary) -> String? {
    guard let reproduced = subject.reproduced else { return nil }
    guard let input = reproduced.input, let output = reproduced.output else {
      return "what another hour would give (reproducibility) is not known: \(reproduced.absentReason ?? "no price")"
    }
    let source =
      reproduced.source == "windows"
      ? "windows that lie over half an hour or more" : "\(count(reproduced.sittings, "earlier measurement"))"
    return "another hour of this machine (reproducibility): input \(Unit.dollars(input)), output "
      + "\(Unit.dollars(output)), by \(source)"
  }

  /// How tokens were chosen.
  static func line(of sampler: SamplerIdentity) -> String {
    "sampling: \(sampler.settings), of \(sampler.vocabularySize) logits, on one thread".printable
  }

  /// What a request pays once, before its tokens take their steady time.
  static func startUp(of subject: SubjectSummary) -> String? {
    guard let point = MeasuredPoint.reference(among: subject.decode), let cost = point.startUpSeconds, cost.value > 0
    else {
      return nil
    }
    return
      "start of a request: its first steps take \(Unit.seconds.text(cost)) more than steady ones, in no figure of a token "
      + "but in that of a task"
  }

  /// What the processes or windows of a measurement have to do with its intervals.
  static func spread(of subject: SubjectSummary) -> String? {
    guard let effect = subject.designEffect else { return nil }
    let units = subject.processes == nil ? "windows of time" : "processes"
    return "intervals are of \(units), each of which counts once; design effect \(effect.median.significant(2)) "
      + "(median of \(count(effect.shapes, "shape")), \(effect.most.significant(2)) at most)"
  }

  /// Whether the probes beside the work steady a figure, and why not where they do not.
  static func line(of reference: WindowReference) -> String {
    let isPrefill = reference.phase == .prefill
    let name = isPrefill ? "operations a second" : "read bandwidth"
    let place = isPrefill ? "prefill of \(reference.length)" : "decode at \(reference.length)"
    guard let cut = reference.cut else {
      return "\(name) beside \(place): not a reference: \(reference.absentReason ?? "not measured")"
    }
    let share = "\((max(0, cut) * 100).fixed(0)) %"
    guard let adjusted = reference.adjustedSecondsPerToken, let rate = reference.referenceRate else {
      return
        "\(name) beside \(place): not applied as a reference: windows left out are foretold \(share) better by it, and "
        + "\((ControlVariate.leastCut * 100).fixed(0)) % are needed"
    }
    let at = isPrefill ? Unit.flopRate.text(rate) : Unit.byteRate.text(rate)
    return
      "\(name) beside \(place): as a reference it foretells windows left out \(share) better: at \(at) a token takes "
      + Unit.seconds.text(adjusted)
  }

  static let convention =
    "± and [low, high] are 95 % intervals; (low–high) is the range of fewer than six. As paid: the mean of all time, "
    + "disturbed or not; prices are as paid. All else is undisturbed: the median of runs without a verdict. First token: time "
    + "to the first token, without sampling. In decode, time per token: per output token of one sequence; p50, p90, p99: of "
    + "single steps behind the first ones of a request."

  static let files =
    "runs.jsonl has every sample of every run, one run a line; machine.json describes the machine; command.txt is the "
    + "command. This page is made from them alone: inferometer report DIR makes it again."

  static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : noun.hasSuffix("s") ? "es" : "s")"
  }

  /// Caches and memory are made in powers of two.
  private static func binary(_ bytes: Bytes) -> String {
    let scales = [(1024.0 * 1024 * 1024, "GiB"), (1024.0 * 1024, "MiB"), (1024.0, "KiB")]
    let scale = scales.first { bytes.value >= $0.0 } ?? (1, "B")
    let value = bytes.value / scale.0
    return "\(value == value.rounded() ? value.fixed(0) : value.significant(3)) \(scale.1)"
  }
}

extension Term {
  /// What it is a cost of, as it stands behind the cost.
  var each: String {
    switch self {
    case .pass: "a pass"
    case .row: "a token"
    case .pair: "a token attended to"
    case .squaredPair: "its square"
    case .recall: "a token recalled"
    case .overlap: "a pass that overlaps with its tokens"
    }
  }
}

extension [String] {
  fileprivate var distinct: [String] { reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
}
