import EnergyModel
import Glibc
import Machine
import Metering
import Quantities
import Records
import Statistics

/// Gives each run its energy: measured where a sensor can, estimated where there is none, absent where one failed.
package final class EnergyAccountant {
  /// Nil where no sensor can be used.
  package let meter: EnergyMeter?
  /// What a reader should know of sensors that were passed over.
  package let warnings: [Warning]
  private let machine: MachineDescription
  private let basis: EnergyBasis
  /// Watts while nothing ran, each time that was looked at.
  private var idleWatts: [Double] = []

  /// A log that cannot be believed is an error; sensors that cannot are passed over.
  package init(_ options: EnergyOptions, machine: MachineDescription, instruments: Instruments = .system) throws {
    self.machine = machine
    var notes: [Warning] = []
    basis = EnergyBasis(options.overrides, machine, calibration: instruments.calibration) { notes.append($0) }
    if let path = options.meterLog {
      let clock = instruments.timekeeper
      meter = EnergyMeter(log: try MeterLog(path, timekeeper: clock), timekeeper: clock)
    } else if options.ignoresSensors == true {
      meter = nil
    } else {
      meter = Self.firstThatWorks(machine, instruments, idleWatts: &idleWatts) { notes.append($0) }
    }
    warnings = notes
  }

  private static func firstThatWorks(
    _ machine: MachineDescription, _ instruments: Instruments, idleWatts: inout [Double], note: (Warning) -> Void
  ) -> EnergyMeter? {
    for choice in SensorChoice.all(of: machine.sensors) {
      do {
        let meter = try instruments.openMeter(choice, machine)
        try look(at: meter, into: &idleWatts)
        for sensor in machine.sensors where choice.sensors.contains(where: { $0.name == sensor.mirrors }) {
          note(Warning(code: "mirrored-counter", message: "energy: \(sensor.name): \(sensor.excluded ?? "")"))
        }
        return meter
      } catch {
        let reason = (error as? EnergyAbsence)?.reason ?? (error as? Absence)?.reason ?? "\(error)"
        note(Warning(code: "sensor-unusable", message: "energy: \(reason): passed over"))
      }
    }
    return nil
  }

  // MARK: - Idle

  private static let idleSeconds = 0.25
  private static let longestIdleSeconds = 1.0

  /// Looks at what is drawn while nothing runs. To be repeated: it drifts with temperature and fans.
  package func lookAtIdle() {
    if let meter { try? Self.look(at: meter, into: &idleWatts) }
  }

  private static func look(at meter: EnergyMeter, into watts: inout [Double]) throws {
    let needed = max(idleSeconds, 4 * (meter.sources.map(\.facts.refreshSeconds).max() ?? 0))
    // A battery's gauge would take minutes.
    guard needed <= longestIdleSeconds else { return }
    meter.begin()
    usleep(useconds_t(needed * 1e6))
    let energy = try meter.end()
    if energy.window > 0 { watts.append(energy.joules.value / energy.window.value) }
  }

  // MARK: - Runs

  package func energy(of run: PhaseRun, model: ModelIdentity) -> Result<RunEnergy, EnergyAbsence> {
    guard run.conditions.wall > 0 else { return .failure(EnergyAbsence(.noTime, "the run took no time")) }
    guard let meter, let outcome = run.energy else { return estimated(run, model, []) }
    switch outcome {
    case .success(let metered): return .success(measured(run, metered, by: meter))
    case .failure(let absence) where absence.code == .windowTooShort:
      return estimated(run, model, [Warning(code: absence.code.rawValue, message: absence.reason)])
    case .failure(let absence): return .failure(absence)
    }
  }

  private func measured(_ run: PhaseRun, _ metered: MeteredEnergy, by meter: EnergyMeter) -> RunEnergy {
    var warnings: [Warning] = []
    if metered.window.value < Self.shortWindow {
      warnings.append(
        Warning(code: "short_window", message: "a window below 0.1 s: a sensor's steps are a percent of it or more"))
    }
    if let others = run.conditions.othersShare.value, others > Disturbance.othersShare {
      warnings.append(
        Warning(code: "neighbours", message: "other processes ran; the sensors count their energy with this run's"))
    }
    let counted = machine.onlineProcessors ?? (machine.cores.value ?? 0) * (machine.threadsPerCore.value ?? 0)
    if counted > machine.processors {
      warnings.append(
        Warning(
          code: "partial_host",
          message: "the sensors count \(counted) processors, of which this process may use \(machine.processors)"))
    }
    let total = Self.figure(metered.joules.value, half: metered.halfWidthJoules.value)
    return RunEnergy(
      method: RunEnergy.Method(rawValue: meter.method.rawValue), tier: meter.tier,
      boundary: RunEnergy.Boundary(rawValue: meter.boundary.rawValue) ?? .package, attribution: .wholeHost,
      total: total, idleSubtracted: idleSubtracted(total, metered), window: metered.window, samples: metered.samples,
      sensors: meter.sources.map(\.facts.name), hostFingerprint: machine.fingerprint, warnings: warnings,
      phase: run.shape.phase, tokens: run.shape.tokens)
  }

  private static let shortWindow = 0.1
  /// How far one look at the idle power may be off when there is no second.
  private static let idleDoubt = 0.1

  private func idleSubtracted(_ total: Estimate, _ metered: MeteredEnergy) -> Estimate? {
    guard let idle = try? Sample(idleWatts) else { return nil }
    let drift = idle.count > 1 ? (idle.maximum - idle.minimum) / 2 : Self.idleDoubt * idle.median
    let active = max(0, total.value - idle.median * metered.window.value)
    // The sensor errs alike in both, so that its error is a share of what remains.
    let calibration = metered.halfWidthJoules.value * active / total.value
    return Self.figure(active, half: hypot(calibration, drift * metered.window.value))
  }

  private static func figure(_ joules: Double, half: Double) -> Estimate {
    Estimate(joules, Interval(low: max(0, joules - half), high: joules + half, level: 0.95), method: .sensors)
  }

  /// Looking at what a run did takes up to a millisecond: in a shorter window half of the time would not be the run's.
  private static let shortestEstimate = 0.002

  private func estimated(
    _ run: PhaseRun, _ model: ModelIdentity, _ warnings: [Warning]
  ) -> Result<RunEnergy, EnergyAbsence> {
    guard run.conditions.wall.value >= Self.shortestEstimate else {
      return .failure(EnergyAbsence(.windowTooShort, "a window below 2 ms is mostly that of looking at it"))
    }
    let result = basis.proxy.estimate(EnergyActivity(run, weightBytes: model.weightBytes, on: machine))
    return .success(
      RunEnergy(
        method: basis.method, tier: basis.tier, boundary: basis.boundary, attribution: .processorShareAverage,
        total: result.gross, idleSubtracted: result.active, window: run.conditions.wall, samples: 0, sensors: [],
        coefficientSet: basis.coefficientSet, hostFingerprint: machine.fingerprint,
        dominantUncertainty: Self.dominant(result.savings),
        warnings: warnings, phase: run.shape.phase, tokens: run.shape.tokens))
  }

  /// Factors that each make up at least a tenth of the interval's width, or the one that matters most.
  private static func dominant(_ savings: [(factor: EnergyFactor, share: Double)]) -> [String] {
    let named = savings.prefix(max(1, savings.prefix { $0.share >= 0.1 }.count))
    return named.map { "\($0.factor.name) (\(Int(($0.share * 100).rounded())) % narrower if known)" }
  }
}

extension RunShape {
  /// Over all sequences: read in a prefill, generated in a decode.
  var tokens: Int { (phase == .prefill ? promptTokens : generatedTokens) * sequences }
}

extension Estimate.Method {
  static let sensors = Self(rawValue: "sensors' calibration and steps")
}
