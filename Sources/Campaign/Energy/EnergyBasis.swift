import EnergyModel
import Machine
import Records
import Statistics

/// What estimates rest on: coefficients that were fitted to this machine, or those of its class.
struct EnergyBasis {
  let proxy: EnergyProxy
  let method: RunEnergy.Method
  let tier: String
  let boundary: RunEnergy.Boundary
  let coefficientSet: RunEnergy.CoefficientSet

  init(
    _ overrides: EnergyProxy.Overrides, _ machine: MachineDescription,
    calibration: (MachineDescription) throws -> CalibrationFile?, note: (Warning) -> Void
  ) {
    var file: CalibrationFile?
    do {
      file = try calibration(machine)
    } catch {
      note(Warning(code: "calibration-unreadable", message: "energy: \(error)"))
    }
    let prior = EnergyPrior(machine)
    guard let file, file.calibration.heldOutError <= EnergyCalibration.acceptedError else {
      self.init(prior, overrides, machine, source: prior.source)
      return
    }
    let source = "fitted \(file.time) by \(file.sensors.joined(separator: ", "))"
    guard file.machineFingerprint == machine.fingerprint else {
      note(
        Warning(
          code: "calibration-of-another-machine",
          message: "energy: coefficients were fitted to another machine; they hold here within a factor of two at best")
      )
      self.init(file.calibration.transferred(prior), overrides, machine, source: source + " on another machine")
      return
    }
    self.init(file, overrides, source: source)
  }

  private init(_ file: CalibrationFile, _ overrides: EnergyProxy.Overrides, source: String) {
    proxy = EnergyProxy(fitted: file.calibration.draws, overrides: overrides)
    method = .calibrated
    tier = "C"
    boundary = overrides.facilityFactor == nil ? file.boundary : .facility
    coefficientSet = RunEnergy.CoefficientSet(
      id: "calibration/\(file.machineFingerprint)", version: 1, sources: [source])
  }

  private init(
    _ prior: EnergyPrior, _ overrides: EnergyProxy.Overrides, _ machine: MachineDescription, source: String
  ) {
    proxy = EnergyProxy(prior, overrides: overrides, processor: .init(machine, mayHaveSiblings: prior.mayHaveSiblings))
    method = prior.isOfItsClass ? .transferred : .generic
    tier = prior.isOfItsClass ? "D" : "E"
    let inside: RunEnergy.Boundary = prior.boundary == .wall ? .wall : .packageAndMemory
    boundary = overrides.facilityFactor == nil ? inside : .facility
    coefficientSet = RunEnergy.CoefficientSet(
      id: "\(EnergyPriors.identity)/\(prior.name)", version: EnergyPriors.version, sources: [source])
  }
}

extension EnergyProxy.Processor {
  /// A guest that is shown two threads of a core is taken to have threads: a pair is shown only where somebody passed the
  /// host's topology on. One thread a core is what hypervisors show unless they are told otherwise, so that it is not
  /// trusted, and neither is a topology that cannot be read; where a design's cores have one thread it makes no difference.
  package init(_ machine: MachineDescription, mayHaveSiblings: Bool) {
    let showsSiblings = machine.threadsPerCore.value ?? 1 > 1
    self =
      machine.hypervisor == nil ? .own : showsSiblings || !mayHaveSiblings ? .virtualThread : .virtualThreadOrCore
  }
}
