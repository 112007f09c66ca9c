import CMachine
import Foundation
import Machine
import Testing

@Suite struct FeatureTests {
  /// The kernel's own reading of CPUID, which also leaves out what it does not save.
  private static let flags: Set<String>? = {
    let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
    let line = text?.split(separator: "\n").first { $0.hasPrefix("flags") }
    return line.map { Set($0.split(separator: " ").map { $0.filter { $0 != "_" } }) }
  }()

  @Test(.enabled(if: flags != nil, "/proc/cpuinfo has no flags here"))
  func agreesWithTheKernel() throws {
    let flags = try #require(Self.flags)
    // Kernels before 6.2 have no names for these, and no kernel shows the last two.
    let youngerThanKernels: Set = ["amxfp16", "amxcomplex", "avxifma", "avxvnniint8", "avxneconvert", "avxvnniint16"]
    for feature in Processor.features where !youngerThanKernels.contains(feature) {
      #expect(flags.contains(feature), "\(feature) is claimed, and the kernel does not show it")
    }
    let kernels = [
      "sse2", "avx2", "fma", "f16c", "bmi2", "avx512f", "avx512bw", "avx512vl", "avx512dq", "avx512vnni", "avx512bf16",
      "avx512fp16", "amxtile", "amxbf16", "amxint8", "avxvnni",
    ]
    for feature in kernels { #expect(Processor.supports(feature) == flags.contains(feature), "\(feature)") }
  }

  @Test func knowsNoFeatureThatIsNone() {
    #expect(!Processor.supports(""))
    #expect(!Processor.supports("avx512_vnni"))
  }

  @Test func namesEachFeatureOnce() { #expect(Set(Processor.features).count == Processor.features.count) }
}
