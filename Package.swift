// swift-tools-version: 6.3
import PackageDescription

/// One instruction set: Shared/ is compiled once per call. `-Ounchecked` because kernels work on pointers whose bounds their
/// callers have checked; the unroll threshold lets a whole tile stay in registers; baseline tiles would only grow.
func kernels(_ name: String, path: String, machine: [String]) -> Target {
  let wide: [SwiftSetting] = [
    .define("FUSED"), .unsafeFlags(["-Xllvm", "-unroll-threshold=4000"] + machine.flatMap { ["-Xcc", $0] }),
  ]
  return .target(
    name: name, dependencies: ["KernelContract", "CIntrinsics"], path: "Kernels/\(path)",
    swiftSettings: [.unsafeFlags(["-Ounchecked"])] + (machine.isEmpty ? [] : wide))
}

func room(_ name: String, _ dependencies: [Target.Dependency], path: String? = nil, exclude: [String] = []) -> Target {
  .target(name: name, dependencies: dependencies, path: path ?? "Sources/\(name)", exclude: exclude)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
  .testTarget(name: name, dependencies: dependencies + ["TestSupport"], path: "Tests/\(name)", resources: resources)
}

let avx2 = ["-mavx2", "-mfma", "-mf16c", "-mbmi2"]
let avx512 = avx2 + ["-mavx512f", "-mavx512bw", "-mavx512vl", "-mavx512dq", "-mprefer-vector-width=512"]
let vnni = avx512 + ["-mavx512vnni"]
let amx = vnni + ["-mavx512bf16", "-mamx-tile", "-mamx-bf16", "-mamx-int8"]

let package = Package(
  name: "inferometer",
  products: [.executable(name: "inferometer", targets: ["inferometer"])],
  targets: [
    // MARK: - Kernels
    room("KernelContract", [], path: "Kernels/Contract"),
    room("KernelReference", ["KernelContract"], path: "Kernels/Reference"),
    .target(name: "CIntrinsics", path: "Kernels/Intrinsics"),
    kernels("KernelsBaseline", path: "Baseline", machine: []),
    kernels("KernelsAVX2", path: "AVX2", machine: avx2),
    kernels("KernelsAVX512", path: "AVX512", machine: avx512),
    kernels("KernelsAVX512VNNI", path: "AVX512VNNI", machine: vnni),
    kernels("KernelsAMX", path: "AMX", machine: amx),
    room("KernelsBLAS", [], path: "Kernels/BLAS"),
    room(
      "Kernels",
      [
        "KernelContract", "KernelReference", "KernelsBaseline", "KernelsAVX2", "KernelsAVX512", "KernelsAVX512VNNI",
        "KernelsAMX", "KernelsBLAS", "Machine",
      ], path: "Kernels/Registry"),

    // MARK: - The machine and its units
    .target(name: "CMachine", path: "Sources/CMachine"),
    room("Quantities", []),
    room("Machine", ["CMachine", "Quantities"]),

    // MARK: - The engine
    room("Model", ["Kernels", "KernelContract"]),
    room("Engine", ["Model", "Kernels", "KernelContract", "Machine"]),

    // MARK: - Measuring and reasoning
    room("Metering", ["Quantities", "Machine", "CMachine", "KernelContract"]),
    room("Statistics", []),
    room("EnergyModel", ["Statistics"]),
    room("CostCurves", ["Statistics", "Quantities"]),
    room("Pricing", ["CostCurves", "Statistics", "Quantities"]),
    room("Records", ["Quantities", "Machine", "Statistics"]),
    room(
      "KernelTiming",
      ["Engine", "Model", "Kernels", "KernelContract", "Metering", "Machine", "Records", "Statistics"]),
    room(
      "Campaign",
      [
        "KernelTiming", "Engine", "Model", "Kernels", "KernelContract", "Metering", "Machine", "Quantities", "Records",
        "Statistics", "EnergyModel",
      ]),
    room("Fleet", ["Records", "Statistics"]),
    room("Analysis", ["Records", "Statistics", "CostCurves", "Pricing", "Quantities"]),
    room("Reporting", ["Analysis", "Records", "Statistics", "CostCurves", "Pricing", "Quantities"]),

    // MARK: - The command
    .executableTarget(
      name: "inferometer",
      dependencies: [
        "Analysis", "CMachine", "Campaign", "CostCurves", "EnergyModel", "Engine", "Fleet", "KernelContract",
        "KernelTiming",
        "Kernels",
        "Machine", "Metering", "Model", "Pricing", "Quantities", "Records", "Reporting", "Statistics",
      ], path: "Sources/inferometer"),

    // MARK: - Tests
    tests("KernelsTests", ["Kernels", "KernelContract", "KernelReference", "KernelsBLAS"]),
    tests("EngineTests", ["Engine", "Model", "Kernels", "KernelContract"]),
    tests("SamplingTests", ["Engine", "Kernels", "KernelContract"]),
    .target(
      name: "TestSupport", dependencies: ["Metering", "Quantities", "Records", "Statistics"], path: "Tests/TestSupport"),
    tests("StatisticsTests", ["Statistics"]),
    tests("EnergyModelTests", ["EnergyModel", "Statistics"]),
    tests("CostCurvesTests", ["CostCurves", "Statistics"]),
    tests("PricingTests", ["Pricing", "CostCurves", "Statistics", "Quantities"]),
    tests("ModelTests", ["Model", "KernelContract", "KernelReference"]),
    tests("TokenizerTests", ["Model"]),
    tests("MachineTests", ["Machine", "CMachine"]),
    tests("MeteringTests", ["Metering", "Machine", "KernelContract"]),
    tests(
      "CommandTests",
      ["inferometer", "KernelContract", "KernelTiming", "Quantities", "Records", "Reporting", "Statistics"]),
    tests("RecordsTests", ["Records", "Quantities", "Machine", "Statistics"]),
    tests(
      "KernelTimingTests",
      ["KernelTiming", "Engine", "Kernels", "KernelContract", "Metering", "Machine", "Records", "Statistics"]),
    tests(
      "CampaignTests",
      [
        "Campaign", "KernelTiming", "EnergyModel", "Engine", "Model", "Kernels", "KernelContract", "Metering",
        "Machine",
        "Quantities", "Records", "Statistics",
      ]),
    tests("FleetTests", ["Fleet", "Records", "Statistics"]),
    tests("AnalysisTests", ["Analysis", "Reporting", "Records", "Statistics", "CostCurves", "Pricing", "Quantities"]),
    tests("ReportingTests", ["Reporting", "Analysis", "Records", "Statistics", "Pricing", "Quantities", "Machine"]),
  ],
  swiftLanguageModes: [.v6]
)
