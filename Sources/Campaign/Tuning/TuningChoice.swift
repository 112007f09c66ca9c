import Kernels

/// A tuning and where it came from, which every record says.
package struct TuningChoice: Codable, Sendable, Hashable {
  package enum Origin: String, Codable, Sendable {
    /// Built in.
    case standard
    /// Timed on this machine.
    case measured
    /// Asked for.
    case given
  }

  package var tuning: KernelTuning
  package var origin: Origin

  package init(_ tuning: KernelTuning, _ origin: Origin) {
    self.tuning = tuning
    self.origin = origin
  }

  package static let standard = TuningChoice(.standard, .standard)
}

extension EngineSettings {
  /// What was measured holds for the kernels that were timed: those that are taken when nothing else is asked for.
  package var canTakeMeasuredTuning: Bool { isaCap == nil && activations == .auto }
}
