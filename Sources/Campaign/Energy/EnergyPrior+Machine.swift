import EnergyModel
import Machine

extension EnergyPrior {
  /// The row for a machine, found from its instructions and caches: inside virtual machines model numbers may be another
  /// processor's.
  package init(_ machine: MachineDescription) { self = EnergyPriors.prior(for: Self.className(of: machine)) }

  static func className(of machine: MachineDescription) -> String {
    // The rows are of servers. A small processor that is nobody's guest is a client, whose idle power nothing here knows.
    let isClient = machine.hypervisor == nil && (machine.cores.value ?? machine.processors) <= 16
    if isClient { return "unknown" }
    switch machine.microarchitecture {
    case "haswell": return "broadwell"
    // No client of that design has more cores, and no server of another lacks AVX-512.
    case "alder-lake" where (machine.cores.value ?? 0) > 24: return "sierra-forest"
    case "skylake-avx512", "cascade-lake", "cooper-lake": return "skylake"
    case "sapphire-rapids": return hasEmeraldCache(machine) ? "emerald-rapids" : "sapphire-rapids"
    case "arm64-dotprod": return "neoverse-n1"
    case "arm64-i8mm", "arm64-sve", "arm64-sve2": return "neoverse-v"
    case let name: return name
    }
  }

  /// Emerald Rapids has Sapphire Rapids' instructions, and up to 320 MiB in its last level where that has at most 112.5.
  private static func hasEmeraldCache(_ machine: MachineDescription) -> Bool {
    (machine.lastLevelCache.map { $0.level == 3 ? $0.bytes : 0 } ?? 0) > 113 << 20
  }
}
