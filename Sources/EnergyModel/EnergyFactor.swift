/// One thing that an estimate does not know exactly.
package enum EnergyFactor: Hashable, Sendable {
  /// What one unit of a term costs on this class of machine.
  case term(EnergyTerm)
  /// All terms at once, as a fit knows them: their errors belong together.
  case calibration
  /// How many of the bytes came from memory, between the bounds that the activity states.
  case memoryShare
  /// This computer's share of the idle power of a host whose size is not known.
  case hostShare
  /// What supply, regulators and fans add between direct current and the plug.
  case supply
  /// Which of the two models holds: operations and bytes cost energy beside time, or time tells it all.
  case model
  /// Whether a virtual processor is one hardware thread, or has both of a core.
  case virtualProcessor

  /// As people know it.
  package var name: String {
    switch self {
    case .term(.idleThread): "idle power per thread"
    case .term(.busyThread): "power of a busy thread"
    case .term(.memoryStatic): "power of memory that only keeps its content"
    case .term(.float32): "energy per float32 operation"
    case .term(.bfloat16): "energy per bfloat16 operation"
    case .term(.int8): "energy per int8 operation"
    case .term(.tileBFloat16): "energy per bfloat16 operation on AMX tiles"
    case .term(.tileInt8): "energy per int8 operation on AMX tiles"
    case .term(.cacheByte): "energy per byte through the caches"
    case .term(.memoryByte): "energy per byte from memory"
    case .calibration: "the fitted coefficients"
    case .memoryShare: "how many bytes come from memory"
    case .hostShare: "the share of the host's idle power"
    case .supply: "losses of the power supply"
    case .model: "whether operations and bytes cost energy beside time"
    case .virtualProcessor: "whether a virtual processor is a core or a thread"
    }
  }
}
