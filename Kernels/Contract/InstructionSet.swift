/// The instruction sets that kernels are compiled for, from the floor up; a later one may use everything before it.
package enum InstructionSet: String, CaseIterable, Codable, Sendable, Comparable {
  case baseline, avx2, avx512, avx512vnni, amx

  /// Features a processor and its operating system must support, spelt as in /proc/cpuinfo without underscores.
  package var requiredFeatures: [String] {
    switch self {
    case .baseline: []
    case .avx2: ["avx2", "fma", "f16c", "bmi2"]
    case .avx512: InstructionSet.avx2.requiredFeatures + ["avx512f", "avx512bw", "avx512vl", "avx512dq"]
    case .avx512vnni: InstructionSet.avx512.requiredFeatures + ["avx512vnni"]
    case .amx: InstructionSet.avx512vnni.requiredFeatures + ["amxtile", "amxbf16", "amxint8"]
    }
  }

  package static func < (a: Self, b: Self) -> Bool {
    allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
  }
}
