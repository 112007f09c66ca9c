import Campaign
import KernelTiming
import Glibc
import KernelContract
import Kernels
import Machine
import Records

extension Option {
  static let tuning = Option(
    "--tuning", value: "off|N|TYPE=N,…",
    help: "tokens from which weights (of a type) are unpacked once for all of them, or never; off: "
      + "\(KernelTuning.standard[.q4_0]) (what machine --tune has found here, else the same)")
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
      return TuningChoice(try KernelTuning(occurrence), .given)
    }
    guard settings.canTakeMeasuredTuning else { return nil }
    return MachineCache(of: machine).loaded(MeasuredTuning.load).map { TuningChoice($0.tuning, .measured) }
  }

  /// Measures what has not been measured yet of some formats, and keeps it.
  static func measuredOnce(
    _ formats: [WeightFormat], _ arguments: Arguments, for settings: EngineSettings, on machine: MachineDescription
  ) -> TuningChoice? {
    let known = settings.tuning?.tuning.formats ?? []
    let missing = formats.filter { !known.contains($0) }
    guard !missing.isEmpty, !arguments.contains(.tuning), settings.canTakeMeasuredTuning else { return settings.tuning }
    let measured = MeasuredTuning.now(missing, on: machine)
    if let reason = measured.reason { Console.note("no tuning: \(reason)") }
    return measured.value.map { TuningChoice($0.tuning, .measured) } ?? settings.tuning
  }
}

extension MeasuredTuning {
  /// Some formats measured anew beside what was known of the others.
  static func now(_ formats: [WeightFormat], on machine: MachineDescription) -> Finding<MeasuredTuning> {
    Console.progress("timing kernels for few and for many tokens")
    let cache = MachineCache(of: machine)
    let known = formats == WeightFormat.allCases ? nil : cache.loaded(MeasuredTuning.load)
    let measured = Tuner.measure(formats).map { known?.updated(by: $0) ?? $0 }
    if let value = measured.value { cache.keep(value.store) }
    return measured
  }
}

extension KernelTuning {
  /// `33`, `never` or `q4_0=33,q8_0=never`.
  fileprivate init(_ occurrence: Arguments.Occurrence) throws(UsageError) {
    func tokens(_ word: Substring) throws(UsageError) -> Int {
      if word.lowercased() == "never" { return Self.never }
      guard let count = Int(word), Self.range.contains(count) else {
        throw occurrence.error(
          "holds what is neither off nor never nor a number of tokens from \(Self.range.lowerBound) to "
            + "\(Self.range.upperBound), such as 33 or q4_0=33,q8_0=never")
      }
      return count
    }
    guard occurrence.value.contains("=") else {
      self.init(all: try tokens(occurrence.value[...]))
      return
    }
    self = .standard
    for part in occurrence.value.split(separator: ",", omittingEmptySubsequences: false) {
      let words = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let format = WeightFormat.allCases.first(where: { $0.rawValue.lowercased() == words[0].lowercased() })
      else {
        let names = WeightFormat.allCases.map(\.rawValue).joined(separator: " ")
        throw occurrence.error("holds '\(words[0])', which is not known; give types of \(names)")
      }
      self[format] = try tokens(words.count == 2 ? words[1] : "")
    }
  }
}
