/// A design named by the features that it was the first to have: inside virtual machines the model number may be
/// another processor's, while the instructions are there or are not.
enum Microarchitecture {
  private static let intel: [(feature: String, name: String)] = [
    ("amxfp16", "granite-rapids"), ("amxtile", "sapphire-rapids"), ("avx512fp16", "sapphire-rapids"),
    ("avx512vbmi2", "ice-lake"), ("avx512bf16", "cooper-lake"), ("avx512vnni", "cascade-lake"),
    ("avx512bw", "skylake-avx512"), ("avx512f", "knights-landing"), ("avxvnni", "alder-lake"), ("avx2", "haswell"),
    ("avx", "sandy-bridge"), ("sse42", "nehalem"),
  ]

  private static let amd: [(feature: String, name: String)] = [
    ("avx512vp2intersect", "zen5"), ("avxvnni", "zen5"), ("avx512f", "zen4"), ("vaes", "zen3"), ("clwb", "zen2"),
    ("avx2", "zen"), ("avx", "bulldozer"),
  ]

  private static let arm: [(feature: String, name: String)] = [
    ("sve2", "arm64-sve2"), ("sve", "arm64-sve"), ("i8mm", "arm64-i8mm"), ("asimddp", "arm64-dotprod"),
    ("asimd", "arm64"),
  ]

  static func guess(vendor: String, features: Set<String>) -> String {
    let designs =
      switch vendor {
      case "AuthenticAMD", "HygonGenuine": amd
      case "GenuineIntel": intel
      default: arm
      }
    return designs.first { features.contains($0.feature) }?.name ?? "unknown"
  }
}
