import Quantities
import Statistics

/// The energy of one run with all that a reader must know to use it. Field names follow version 2 of the power telemetry
/// that InferenceX publishes; a run without valid energy has none of them, but a reason.
package struct RunEnergy: Codable, Sendable, Equatable {
  package var powerMetricSchemaVersion = 2
  package var powerValid = true
  package var method: Method
  /// A: at the wall. B1 to B4: sensors inside. C: fitted to this machine. D: by its design. E: by no design.
  package var tier: String
  package var boundary: Boundary
  package var attribution: Attribution
  /// The unit of all energies here, the level of their intervals, and whether `total_energy_j` includes what is drawn when
  /// nothing runs. Records from before these were written have none of the three.
  package private(set) var unit: String? = "J"
  package private(set) var coverage: Double?
  package private(set) var idle: String? = "included"
  /// Everything within the boundary while the run ran, what is drawn when nothing runs included.
  package var totalEnergyJ: Estimate
  /// Without what is drawn when nothing runs.
  package var idleSubtractedEnergyJ: Estimate?
  package var avgPowerW: Double
  package var windowS: Double
  /// Readings within the window; 0 for an estimate.
  package var nSamples: Int
  package var sensors: [String]
  package var coefficientSet: CoefficientSet?
  package var hostFingerprint: String
  /// What the width of an estimate's interval comes from, the most first, each with the share of the width that knowing it
  /// would save; records of version 0.1 have shares of the variance in their place.
  package var dominantUncertainty: [String]
  package var warnings: [Warning]
  // The energy of one of this run's tokens, under the name of its phase; the other two are nil.
  package var prefillJoulesPerInputToken: Estimate?
  package var decodeJoulesPerOutputToken: Estimate?
  package var samplingJoulesPerOutputToken: Estimate?

  /// How the value came about. A record of another version may hold a word that this one does not know.
  package struct Method: RawRepresentable, Codable, Sendable, Hashable {
    package var rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let calibrated = Method(rawValue: "calibrated.regression")
    package static let transferred = Method(rawValue: "estimated.transferred")
    package static let generic = Method(rawValue: "estimated.generic")

    package var isMeasured: Bool { rawValue.hasPrefix("measured.") }
  }

  package enum Boundary: String, Codable, Sendable {
    case core, package, wall, facility
    case packageAndMemory = "package+dram"
    case computer = "node_dc"
  }

  package enum Attribution: String, Codable, Sendable {
    case wholeHost = "whole_host"
    case processorShareAverage = "cpu_share_average"
  }

  package struct CoefficientSet: Codable, Sendable, Hashable {
    package var id: String
    package var version: Int
    package var sources: [String]

    package init(id: String, version: Int, sources: [String]) {
      self.id = id
      self.version = version
      self.sources = sources
    }
  }

  package init(
    method: Method, tier: String, boundary: Boundary, attribution: Attribution, total: Estimate,
    idleSubtracted: Estimate?, window: Seconds, samples: Int, sensors: [String], coefficientSet: CoefficientSet? = nil,
    hostFingerprint: String, dominantUncertainty: [String] = [], warnings: [Warning] = [], phase: Phase, tokens: Int
  ) {
    self.method = method
    self.tier = tier
    self.boundary = boundary
    self.attribution = attribution
    coverage = total.interval?.level
    totalEnergyJ = total
    idleSubtractedEnergyJ = idleSubtracted
    avgPowerW = total.value / window.value
    windowS = window.value
    nSamples = samples
    self.sensors = sensors
    self.coefficientSet = coefficientSet
    self.hostFingerprint = hostFingerprint
    self.dominantUncertainty = dominantUncertainty
    self.warnings = warnings
    let each = tokens > 0 ? total.scaled(by: 1 / Double(tokens)) : nil
    prefillJoulesPerInputToken = phase == .prefill ? each : nil
    decodeJoulesPerOutputToken = phase == .decode ? each : nil
    samplingJoulesPerOutputToken = phase == .sampling ? each : nil
  }

  /// The energy of one token, whichever phase it is of.
  package var joulesPerToken: Estimate? {
    prefillJoulesPerInputToken ?? decodeJoulesPerOutputToken ?? samplingJoulesPerOutputToken
  }

  /// `measured (RAPL, package+dram)`, `estimated (proxy, wall)`: never the one word for the other.
  package var label: String {
    let way =
      switch method.rawValue {
      case "measured.wall": "measured (wall meter"
      case "measured.rapl": "measured (RAPL"
      case "measured.hwmon": "measured (hwmon"
      case "measured.battery": "measured (battery"
      case "calibrated.regression": "estimated (fitted to this machine"
      case "estimated.transferred", "estimated.generic": "estimated (proxy"
      default: "\(method.isMeasured ? "measured" : "estimated") (\(method.rawValue)"
      }
    return "\(way), \(boundary.rawValue))"
  }

  /// The first thing that no energy can have, or nil.
  var defect: String? {
    for (name, figure) in [
      ("total_energy_j", totalEnergyJ), ("idle_subtracted_energy_j", idleSubtractedEnergyJ),
      ("prefill_joules_per_input_token", prefillJoulesPerInputToken),
      ("decode_joules_per_output_token", decodeJoulesPerOutputToken),
      ("sampling_joules_per_output_token", samplingJoulesPerOutputToken),
    ] {
      guard let figure else { continue }
      guard figure.value >= 0, figure.value <= 1e15, let interval = figure.interval, interval.low <= figure.value,
        figure.value <= interval.high
      else { return "energy.\(name) is not an amount of energy within its interval" }
    }
    if totalEnergyJ.value == 0 { return "energy.total_energy_j is 0: no computer runs on nothing" }
    if !(windowS > 0 && windowS <= 1e9) { return "energy.window_s is \(windowS); expected a time" }
    return nil
  }
}
