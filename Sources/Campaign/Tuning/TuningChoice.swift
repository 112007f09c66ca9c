import KernelContract
import Kernels
import Records

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

extension KernelTuning {
  /// As records say it.
  package func manyTokens(of formats: [WeightFormat]) -> ManyTokens {
    let pairs = formats.map { ($0.rawValue, self[$0] == Self.never ? nil : self[$0]) }
    return ManyTokens(Dictionary(pairs, uniquingKeysWith: { $1 }))
  }
}

extension EngineSettings {
  /// What was measured holds for the kernels that were timed: those that are taken when nothing else is asked for.
  package var canTakeMeasuredTuning: Bool { isaCap == nil && activations == .auto }
}
