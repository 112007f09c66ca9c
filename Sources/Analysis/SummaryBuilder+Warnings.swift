import Records
import Statistics

extension VerdictCode {
  /// What was found of `count` of `total` things called `noun`, and what helps. Records of other versions may hold codes that
  /// are not known here.
  static func warning(_ code: String, count: Int, of total: Int, _ noun: String) -> Warning {
    let known = VerdictCode(rawValue: code)
    let finding = known?.finding ?? "marked \(code.printable)"
    let remedy = known.map { ": \($0.remedy)" } ?? ""
    return Warning(code: code, message: "\(count) of \(total) \(noun): \(finding)\(remedy)")
  }
}

/// What a reader of the figures has to know.
extension SummaryBuilder {
  static func verdictWarnings(_ runs: [Observation]) -> [Warning] {
    let codes = Set(runs.flatMap(\.measured.verdict)).sorted()
    return codes.map { code in
      VerdictCode.warning(code, count: runs.count { $0.measured.verdict.contains(code) }, of: runs.count, "runs")
    }
  }

  static func runCountWarnings(_ points: [MeasuredPoint]) -> [Warning] {
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

  /// Nil where no process is known.
  static func processCount(_ runs: [Observation]) -> Int? {
    runs.allSatisfy { $0.process != nil } ? Set(runs.map(\.process)).count : nil
  }

  static func processWarnings(_ runs: [Observation]) -> [Warning] {
    guard processCount(runs) == 1 else { return [] }
    return [
      Warning(
        code: "one-process",
        message: "all runs are of one process, whose luck they share: another may differ by more than the intervals say"
      )
    ]
  }

  static func energyWarnings(_ energies: [Result<Measured.Energy, Measured.Absence>]) -> [Warning] {
    let known = energies.flatMap { (try? $0.get())?.record?.warnings ?? [] }
    var warnings = Dictionary(grouping: known, by: \.code).values.compactMap { same in
      same.first.map { Warning(code: $0.code, message: "energy of \(same.count) runs: \($0.message)") }
    }
    let absent = energies.compactMap(\.absence)
    if let first = absent.first, absent.count < energies.count {
      warnings.append(
        Warning(
          code: first.code ?? "no_energy",
          message: "\(absent.count) of \(energies.count) runs have no energy: \(first.reason)"))
    }
    return warnings.sorted { $0.code < $1.code }
  }

  static func curveWarnings(_ curves: [FittedCurve]) -> [Warning] {
    curves.flatMap(\.curve.warnings).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  static func samplerWarnings(_ samplings: [MeasuredPoint]) -> [Warning] {
    guard samplings.count > 1 else { return [] }
    let settings = samplings.compactMap(\.sampler?.settings.printable).sorted().joined(separator: "; ")
    return [
      Warning(
        code: "several-samplers",
        message:
          "tokens were chosen in \(samplings.count) ways (\(settings)), which have no common cost: it is in no price")
    ]
  }

  static func idleProcessorWarnings(_ setup: Setup, _ machine: MachineCard?) -> [Warning] {
    guard let machine, let threads = setup.configuration?.threads, threads < machine.processors else { return [] }
    return [
      Warning(
        code: "idle-processors",
        message: "the price is of the whole host, of whose \(machine.processors) processors \(threads) ran: for that "
          + "share give --price-per-hour times \(threads)/\(machine.processors)")
    ]
  }

  static func fingerprintWarnings(_ results: Results) -> [Warning] {
    let prints = Set(results.runs.map(\.machineFingerprint))
    if prints.count > 1 {
      return [Warning(code: "several-machines", message: "the runs are of \(prints.count) machines: report each alone")]
    }
    if let machine = results.machine, let print = prints.first, print != machine.fingerprint {
      return [Warning(code: "other-machine", message: "machine.json is not of the machine that the runs were made on")]
    }
    return []
  }
}

extension SummaryBuilder {
  /// A slice whose weights the last cache holds reads them faster than the whole does: the whole is foretold too cheap.
  static func sliceWarnings(_ setup: Setup, _ results: Results) -> [Warning] {
    let mine = results.runs.map(\.model).filter { $0.sliceOf != nil && $0.source == setup.model?.source }
    let sizes = mine.reduce(into: [Int: Double]()) { sizes, model in
      sizes[(model.layers ?? []).reduce(0) { $0 + $1.count }] = model.weightBytes.value
    }.sorted { $0.key < $1.key }
    guard let cache = results.machine?.caches.max(by: { ($0.level, $0.bytes.value) < ($1.level, $1.bytes.value) }),
      let whole = setup.model?.weightBytes.value, whole > 2 * cache.bytes.value, let first = sizes.first,
      let last = sizes.last, last.key > first.key, first.value < 2 * cache.bytes.value
    else { return [] }
    let layer = (last.value - first.value) / Double(last.key - first.key)
    guard layer > 0 else { return [] }
    let least = first.key + Int(((2 * cache.bytes.value - first.value) / layer).rounded(.up))
    return [
      Warning(
        code: "slices-in-cache",
        message:
          "\(first.key) layers of the model are hardly larger than the last cache, which the whole is not: decode is "
          + "foretold too cheap; measure --slice \(least),\(2 * least),\(3 * least)")
    ]
  }
}
