import CostCurves
import Pricing
import Quantities
import Records
import Statistics

/// From records to figures: the one place where a report calculates.
package enum Analysis {
  /// The length and the context at which a price is quoted, where they were measured.
  static let referenceTokens = 512

  /// Nil prices stand for the example, which the summary then calls one.
  package static func summary(of input: ReportInput, tariff: Tariff? = nil) -> Summary {
    let processors = input.machine?.processors ?? input.runs.map(\.configuration.threads).max() ?? 1
    let groups = Dictionary(grouping: input.runs) { Subject($0) }
    let subjects = groups.sorted { $0.key < $1.key }.compactMap { subject, runs -> SubjectSummary? in
      guard let tariff = tariff ?? .example(processors: processors) else { return nil }
      return summary(of: subject, runs, tariff)
    }
    return Summary(
      machine: input.machine, command: input.command, subjects: subjects,
      warnings: input.warnings + fingerprintWarnings(input))
  }

  /// What runs must share to be figures of the same thing.
  private struct Subject: Hashable, Comparable {
    var model: ModelIdentity
    var configuration: RunConfiguration

    init(_ run: RunRecord) {
      model = run.model
      configuration = run.configuration
      configuration.kernels = []
    }

    private var order: [String] {
      let threads = "\(configuration.threads)"
      return [
        model.name, model.format, model.source, String(repeating: "0", count: max(0, 8 - threads.count)) + threads,
        configuration.isa, "\(self)",
      ]
    }

    static func < (a: Self, b: Self) -> Bool { a.order.lexicographicallyPrecedes(b.order) }
  }

  private static func summary(of subject: Subject, _ runs: [RunRecord], _ tariff: Tariff) -> SubjectSummary {
    let shapes = Dictionary(grouping: runs, by: \.shape)
    let points = shapes.values.compactMap { point($0, tariff) }.sorted { $0.order.lexicographicallyPrecedes($1.order) }
    let prefill = points.filter { $0.phase == .prefill }
    let decode = points.filter { $0.phase == .decode }
    let prefillFit = fit(.prefill, shapes, families: [[.quadratic], [.affine], [.constant]])
    let decodeFit = fit(.decode, shapes, families: [Family.allCases, [.affine], [.constant]])
    var configuration = subject.configuration
    configuration.kernels = Set(runs.flatMap(\.configuration.kernels)).sorted()
    return SubjectSummary(
      model: subject.model, configuration: configuration, toolVersions: Set(runs.map(\.toolVersion)).sorted(),
      isCanonical: trusted(runs).allSatisfy(\.canonical), runs: runs.count,
      flaggedRuns: runs.count { !$0.verdict.isEmpty }, prefill: prefill, decode: decode,
      prefillCurve: prefillFit.curve, prefillCurveAbsentReason: prefillFit.absence, decodeCurve: decodeFit.curve,
      decodeCurveAbsentReason: decodeFit.absence,
      price: price(tariff, prefill: (prefill, prefillFit.curve), decode: (decode, decodeFit.curve)),
      energyAbsentReason: runs.contains { $0.energy != nil }
        ? nil : runs.lazy.compactMap(\.energyAbsentReason).first,
      warnings: verdictWarnings(runs) + runCountWarnings(points) + energyWarnings(runs)
        + [prefillFit.curve, decodeFit.curve].compactMap { $0?.curve.warnings }.flatMap(\.self))
  }

  // MARK: - One shape

  /// Runs without a verdict; all of them when there is none without.
  private static func trusted(_ runs: [RunRecord]) -> [RunRecord] {
    let clean = runs.filter(\.verdict.isEmpty)
    return clean.isEmpty ? runs : clean
  }

  private static func point(_ runs: [RunRecord], _ tariff: Tariff) -> MeasuredPoint? {
    let trusted = trusted(runs)
    guard let first = trusted.first, first.tokens > 0 else { return nil }
    let rates = trusted.map { Double($0.tokens) / $0.wall.value }
    let steps = trusted.map { $0.wall.value / Double($0.samples.count) }
    func share(_ roof: KeyPath<RunRecord, Double?>, _ amount: (RunRecord) -> Double) -> Estimate? {
      let shares = trusted.compactMap { run in
        run[keyPath: roof].map { $0 > 0 ? amount(run) / run.wall.value / $0 : .nan }
      }
      return shares.count == trusted.count ? Estimate.across(runs: shares) : nil
    }
    guard
      let tokensPerSecond = Estimate.across(runs: rates),
      let secondsPerToken = Estimate.across(runs: rates.map { 1 / $0 }),
      let step = Estimate.across(runs: steps),
      let flops = Estimate.across(runs: trusted.map { $0.flops.value / $0.wall.value }),
      let bytes = Estimate.across(runs: trusted.map { ($0.bytesRead + $0.bytesWritten).value / $0.wall.value })
    else { return nil }
    return MeasuredPoint(
      phase: first.phase, promptTokens: first.promptTokens, generatedTokens: first.generatedTokens,
      contextTokens: first.contextTokens, sequences: first.sequences, runs: runs.count,
      flaggedRuns: runs.count { !$0.verdict.isEmpty }, isDoubtful: !first.verdict.isEmpty,
      tokensPerSecond: tokensPerSecond, secondsPerToken: secondsPerToken,
      timeToFirstTokenSeconds: first.phase == .prefill ? step : nil,
      timePerOutputTokenSeconds: first.phase == .decode ? step : nil,
      percentiles: first.phase == .decode ? percentiles(trusted) : nil,
      operationsPerToken: first.operations.mapValues { $0 / Double(first.tokens) }, flopsPerSecond: flops,
      bytesPerSecond: bytes, readRoofShare: share(\.readRoofBytesPerSecond) { $0.bytesRead.value },
      readRoofBytesPerSecond: (try? Sample(trusted.compactMap(\.readRoofBytesPerSecond)))?.median,
      flopRoofShare: share(\.flopRoofFlopsPerSecond) { $0.flops.value },
      flopRoofFlopsPerSecond: (try? Sample(trusted.compactMap(\.flopRoofFlopsPerSecond)))?.median,
      dollarsPerMillionTokens: tariff.dollarsPerMillionTokens(secondsPerToken: secondsPerToken),
      energy: PointEnergy(trusted))
  }

  private static func percentiles(_ runs: [RunRecord]) -> MeasuredPoint.Percentiles? {
    let samples = runs.compactMap { try? Sample($0.samples.map(\.wallSeconds.value)) }
    guard let steps = Clusters(samples) else { return nil }
    return MeasuredPoint.Percentiles(
      samples: samples.reduce(0) { $0 + $1.count }, p50Seconds: steps.quantileEstimate(0.5),
      p90Seconds: steps.quantileEstimate(0.9),
      p99Seconds: steps.quantileEstimate(0.99))
  }

  // MARK: - Curves

  /// The curve of a phase for one sequence and an empty cache before prefill. Of the lists of families the first that the
  /// points can bear.
  private static func fit(
    _ phase: Phase, _ shapes: [RunShape: [RunRecord]], families: [[Family]]
  ) -> (curve: FittedCurve?, absence: String?) {
    let runs = shapes.filter { shape, _ in
      shape.phase == phase && shape.sequences == 1 && (phase == .decode || shape.contextTokens == 0)
    }.values.flatMap { trusted($0) }
    let points = runs.sorted { $0.key.description < $1.key.description }.compactMap(point)
    var reason = "no run of one sequence"
    for list in points.isEmpty ? [] : families {
      do {
        let axis: Axis = phase == .prefill ? .promptTokens : .contextTokens
        return (FittedCurve(try Curve.fit(points, over: axis, families: list)), nil)
      } catch {
        reason = "\(error)"
      }
    }
    return (nil, reason)
  }

  /// A prefill is one time at its length; a decode run is its steps at the middle of the contexts that they went through.
  private static func point(_ run: RunRecord) -> Point? {
    guard let sample = try? Sample(run.samples.map(\.wallSeconds.value)) else { return nil }
    if run.phase == .prefill { return Point(x: Double(run.promptTokens), sample: sample, run: run.repetition) }
    guard let contexts = try? Sample(run.samples.map { Double($0.contextTokens) }) else { return nil }
    return Point(x: contexts.median, sample: sample, run: run.repetition)
  }

  // MARK: - Money

  private typealias Fitted = (points: [MeasuredPoint], curve: FittedCurve?)

  private static func price(_ tariff: Tariff, prefill: Fitted, decode: Fitted) -> PriceSummary {
    var summary = PriceSummary(tariff: tariff, label: Wording.label(of: tariff))
    guard let prefill = prefill.curve?.curve, let decode = decode.curve?.curve else {
      summary.absentReason = "no curve of both phases: the price of each measured point stands with the point"
      return summary
    }
    let prompt = referenceTokens.held(in: prefill.domain)
    let context = referenceTokens.held(in: decode.domain)
    do {
      let curves = TokenCurves(prefill: prefill, decode: decode)
      let prices = try TokenPrices(curves, tariff, promptTokens: prompt, contextTokens: context)
      summary.promptTokens = prompt
      summary.contextTokens = context
      summary.dollarsPerMillionInputTokens = prices.dollarsPerMillionInputTokens
      summary.dollarsPerMillionOutputTokens = prices.dollarsPerMillionOutputTokens
      summary.outputToInputRatio = prices.outputToInputRatio
    } catch {
      summary.absentReason = "\(error)"
    }
    return summary
  }

  // MARK: - Warnings

  private static func verdictWarnings(_ runs: [RunRecord]) -> [Warning] {
    let codes = Set(runs.flatMap(\.verdict)).sorted()
    return codes.map { code in
      let count = runs.count { $0.verdict.contains(code) }
      let known = VerdictCode(rawValue: code)
      let finding = known?.finding ?? "marked \(code.printable)"
      let remedy = known.map { ": \($0.remedy)" } ?? ""
      return Warning(code: code, message: "\(count) of \(runs.count) runs: \(finding)\(remedy)")
    }
  }

  private static func runCountWarnings(_ points: [MeasuredPoint]) -> [Warning] {
    var warnings: [Warning] = []
    if points.contains(where: \.isDoubtful) {
      let count = points.count(where: \.isDoubtful)
      warnings.append(
        Warning(
          code: "only-flagged-runs",
          message: "\(count) of \(points.count) shapes (marked !) have no run without a verdict: repeat them"))
    }
    let lonely = points.count { $0.tokensPerSecond.interval == nil }
    if lonely > 0 {
      warnings.append(
        Warning(
          code: "single-run",
          message: "\(lonely) of \(points.count) shapes were run once, so their figures have no interval: repeat them"))
    }
    return warnings
  }

  private static func energyWarnings(_ runs: [RunRecord]) -> [Warning] {
    let absent = runs.filter { $0.energy == nil }
    var warnings = Dictionary(grouping: runs.flatMap { $0.energy?.warnings ?? [] }, by: \.code).values.compactMap {
      same in same.first.map { Warning(code: $0.code, message: "energy of \(same.count) runs: \($0.message)") }
    }
    if let first = absent.first, absent.count < runs.count {
      warnings.append(
        Warning(
          code: first.energyAbsentCode ?? "no_energy",
          message:
            "\(absent.count) of \(runs.count) runs have no energy: \(first.energyAbsentReason ?? "no reason given")"))
    }
    return warnings.sorted { $0.code < $1.code }
  }

  private static func fingerprintWarnings(_ input: ReportInput) -> [Warning] {
    let prints = Set(input.runs.map(\.machineFingerprint))
    if prints.count > 1 {
      return [Warning(code: "several-machines", message: "the runs are of \(prints.count) machines: report each alone")]
    }
    if let machine = input.machine, let print = prints.first, print != machine.fingerprint {
      return [Warning(code: "other-machine", message: "machine.json is not of the machine that the runs were made on")]
    }
    return []
  }
}

extension FittedCurve {
  /// Each coefficient with Student's interval of its own variance.
  init(_ curve: Curve) {
    self.curve = curve
    coefficients = curve.coefficients.enumerated().map { index, value in
      guard let variance = curve.covariance?[index][index] else { return Estimate(value, nil, method: curve.method) }
      let half =
        StudentT(degreesOfFreedom: Double(curve.degreesOfFreedom)).quantile(0.975) * max(0, variance).squareRoot()
      let low = curve.nonNegative ? max(0, value - half) : value - half
      return Estimate(value, Interval(low: low, high: value + half, level: 0.95), method: curve.method)
    }
  }
}

extension MeasuredPoint {
  fileprivate var order: [Int] { [sequences, contextTokens, promptTokens, generatedTokens] }
}

extension OperationCount {
  fileprivate static func / (count: Self, divisor: Double) -> Self {
    Self(flops: count.flops / divisor, bytesRead: count.bytesRead / divisor, bytesWritten: count.bytesWritten / divisor)
  }
}

extension Int {
  /// The whole number in the range that is nearest to this one.
  fileprivate func held(in range: ClosedRange<Double>) -> Int {
    if Double(self) < range.lowerBound { return Int(range.lowerBound.rounded(.up)) }
    return Double(self) > range.upperBound ? Int(range.upperBound.rounded(.down)) : self
  }
}
