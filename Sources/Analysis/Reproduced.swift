import Pricing
import Records
import Statistics

/// What other hours of the same machine say of a subject's figures, or why nothing is known of them.
package struct Reproduced: Encodable, Sendable {
  /// Sittings of this setup before this one.
  package var sittings: Int
  /// What the intervals are of: `history`, or `windows` that lie over half an hour or more.
  package var source: String?
  package var absentReason: String?
  /// Dollars per million tokens at the reference lengths, with the interval of reproducibility.
  package var input: Estimate?
  package var output: Estimate?
  /// Seconds of a token by the name of the figure, with the interval of reproducibility.
  package var secondsPerToken: [String: Estimate] = [:]
}

extension Reproduced {
  /// Windows over so long see other hours of the machine.
  private static let spreadSeconds = 1800.0

  init(_ subject: SubjectSummary, setup: Setup, _ observations: [Observation], _ history: [Sitting], span: Double) {
    let mine = history.filter { $0.setup == setup.historyName }
    sittings = mine.count
    let figures = subject.figures
    func reproduced(_ name: String, _ figure: Estimate) -> Estimate? {
      let interval =
        source == "windows"
        ? Reproducibility.interval(ofSpreadWindows: figure)
        : Reproducibility.interval(of: figure, earlier: mine.compactMap { $0.seconds[name] })
      return interval.map { Estimate(figure.value, $0, method: .reproduced) }
    }
    if mine.count >= Reproducibility.leastEarlier {
      source = "history"
    } else if span >= Self.spreadSeconds, Units(observations).kind == .window {
      source = "windows"
    } else {
      absentReason =
        "\(mine.count) earlier measurement\(mine.count == 1 ? "" : "s") of this setup on this machine, and "
        + "\(Reproducibility.leastEarlier) are needed; or spread one with --over 1h"
      return
    }
    for (name, figure) in figures { secondsPerToken[name] = reproduced(name, figure) }
    let tariff = subject.price.tariff
    input = secondsPerToken["input"].map { tariff.dollarsPerMillionTokens(secondsPerToken: $0) }
    output = secondsPerToken["output"].map { tariff.dollarsPerMillionTokens(secondsPerToken: $0) }
  }
}

extension SubjectSummary {
  /// Seconds of a token, as paid, of all that another sitting would measure too.
  fileprivate var figures: [String: Estimate] {
    var figures: [String: Estimate] = [:]
    for point in prefill + decode { figures[point.name] = point.secondsPerToken }
    figures["input"] = price.sheet?.secondsPerInputToken
    figures["output"] = price.sheet?.secondsPerOutputToken
    return figures
  }

  /// What is remembered of this measurement; nil where nothing was measured.
  fileprivate func sitting(at time: String, machineFingerprint: String) -> Sitting? {
    guard let setupName = historyName, let version = toolVersions.last else { return nil }
    let units = (decode + prefill).compactMap { $0.processes ?? $0.windows }.max() ?? 1
    return Sitting(
      toolVersion: version, time: time, machineFingerprint: machineFingerprint, setup: setupName, units: units,
      seconds: figures.mapValues(\.value))
  }
}

extension Summary {
  /// What is remembered of a measurement, a line for each setup.
  package func sittings(at time: String, on fingerprint: String) -> [Sitting] {
    subjects.compactMap { $0.sitting(at: time, machineFingerprint: fingerprint) }
  }
}

extension MeasuredPoint {
  /// `pp512 @ d1024`, `tg64 @ d128 x4`
  fileprivate var name: String {
    Work.phase(
      RunShape(
        phase: phase, promptTokens: promptTokens, generatedTokens: generatedTokens, contextTokens: contextTokens,
        sequences: sequences), sampler: nil
    ).name
  }
}

extension Setup {
  /// What sittings must share to be of one setup. The model's path and the kernels' names are not in it, nor the version: what
  /// a new version changes is seen.
  var historyName: String? {
    guard let model, let configuration else { return nil }
    let words = [
      model.name, model.format, "\(model.parameters)", "\(Int(model.weightBytes.value))",
      "\(configuration.threads) threads",
      configuration.isa, configuration.activations, "\(configuration.keyType)/\(configuration.valueType)",
      "\(configuration.batch)/\(configuration.microBatch)", configuration.manyTokens?.description ?? "",
      configuration.slowedShare.map { "slowed \($0)" } ?? "",
    ]
    return words.filter { !$0.isEmpty }.joined(separator: ", ")
  }
}

extension Estimate.Method {
  static let reproduced = Self(
    rawValue: "reproducibility: Student's t of the logarithms of means of sittings, or of windows over half an hour")
}
