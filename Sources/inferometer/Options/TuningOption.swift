import Campaign
import KernelTiming
import Kernels
import Machine
import Records

extension Option {
  static let tuning = Option(
    "--tuning", value: "off|N",
    help: "tokens from which weights are unpacked once for all of them; off: \(KernelTuning.standard.manyTokens) (what "
      + "machine --tune has found here, else the same)")
}

extension MachineCache {
  init(of machine: MachineDescription) {
    self.init(in: MachineFiles(fingerprint: machine.fingerprint), toolVersion: Version.current)
  }

  /// What a cache holds; what cannot be used is said and left alone.
  func loaded<Value>(_ load: (MachineCache) throws -> Value?) -> Value? {
    do {
      return try load(self)
    } catch {
      Console.note("\(error)")
      return nil
    }
  }

  /// Writing it down is a convenience: where it fails, the next time measures again.
  func keep(_ store: (MachineCache) throws -> Void) {
    do {
      try store(self)
    } catch {
      Console.note("\(error); it is not kept for the next time")
    }
  }
}

extension TuningChoice {
  /// What was asked for, else what was measured here for these settings, else nil for the built-in one.
  static func chosen(
    _ arguments: Arguments, for settings: EngineSettings, on machine: MachineDescription
  ) throws(UsageError) -> TuningChoice? {
    if let occurrence = arguments.last(.tuning) {
      if occurrence.value.lowercased() == "off" { return nil }
      guard let tokens = Int(occurrence.value), KernelTuning.manyTokensRange.contains(tokens) else {
        let range = KernelTuning.manyTokensRange
        throw occurrence.error("is neither off nor a number of tokens from \(range.lowerBound) to \(range.upperBound)")
      }
      return TuningChoice(KernelTuning(manyTokens: tokens), .given)
    }
    guard settings.canTakeMeasuredTuning else { return nil }
    return MachineCache(of: machine).loaded(MeasuredTuning.load).map { TuningChoice($0.tuning, .measured) }
  }

  /// Measures what has not been measured yet, and keeps it.
  static func measuredOnce(
    _ arguments: Arguments, for settings: EngineSettings, on machine: MachineDescription
  ) -> TuningChoice? {
    guard settings.tuning == nil, !arguments.contains(.tuning), settings.canTakeMeasuredTuning else {
      return settings.tuning
    }
    let measured = MeasuredTuning.now(on: machine)
    if let reason = measured.reason { Console.note("no tuning: \(reason)") }
    return measured.value.map { TuningChoice($0.tuning, .measured) }
  }
}

extension MeasuredTuning {
  static func now(on machine: MachineDescription) -> Finding<MeasuredTuning> {
    Console.progress("timing kernels for few and for many tokens")
    let measured = Tuner.measure()
    if let value = measured.value { MachineCache(of: machine).keep(value.store) }
    return measured
  }
}
