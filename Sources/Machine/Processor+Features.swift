import CMachine

/// One bit of CPUID, and the register states (bits of XCR0) without which it means nothing.
struct FeatureBit: Sendable {
  enum Register: Sendable { case eax, ebx, ecx, edx }

  let name: String
  let leaf: UInt32
  let subleaf: UInt32
  let register: Register
  let bit: UInt32
  let states: UInt64

  static let vector: UInt64 = 0b110  // XMM, YMM
  static let wide: UInt64 = vector | 0b1110_0000  // and opmask, the upper ZMM halves, ZMM16…31
  static let tiles: UInt64 = 0b11 << 17  // XTILECFG, XTILEDATA

  init(_ name: String, _ leaf: UInt32, _ subleaf: UInt32, _ register: Register, _ bit: UInt32, _ states: UInt64 = 0) {
    self.name = name
    self.leaf = leaf
    self.subleaf = subleaf
    self.register = register
    self.bit = bit
    self.states = states
  }

  /// Source: Intel SDM volume 2A, CPUID; names as in Linux `arch/x86/include/asm/cpufeatures.h`.
  static let all: [FeatureBit] = [
    FeatureBit("sse", 1, 0, .edx, 25),
    FeatureBit("sse2", 1, 0, .edx, 26),
    FeatureBit("pni", 1, 0, .ecx, 0),
    FeatureBit("ssse3", 1, 0, .ecx, 9),
    FeatureBit("sse41", 1, 0, .ecx, 19),
    FeatureBit("sse42", 1, 0, .ecx, 20),
    FeatureBit("popcnt", 1, 0, .ecx, 23),
    FeatureBit("fma", 1, 0, .ecx, 12, vector),
    FeatureBit("avx", 1, 0, .ecx, 28, vector),
    FeatureBit("f16c", 1, 0, .ecx, 29, vector),
    FeatureBit("abm", 0x8000_0001, 0, .ecx, 5),
    FeatureBit("bmi1", 7, 0, .ebx, 3),
    FeatureBit("avx2", 7, 0, .ebx, 5, vector),
    FeatureBit("bmi2", 7, 0, .ebx, 8),
    FeatureBit("avx512f", 7, 0, .ebx, 16, wide),
    FeatureBit("avx512dq", 7, 0, .ebx, 17, wide),
    FeatureBit("avx512ifma", 7, 0, .ebx, 21, wide),
    FeatureBit("clwb", 7, 0, .ebx, 24),
    FeatureBit("avx512cd", 7, 0, .ebx, 28, wide),
    FeatureBit("avx512bw", 7, 0, .ebx, 30, wide),
    FeatureBit("avx512vl", 7, 0, .ebx, 31, wide),
    FeatureBit("avx512vbmi", 7, 0, .ecx, 1, wide),
    FeatureBit("avx512vbmi2", 7, 0, .ecx, 6, wide),
    FeatureBit("gfni", 7, 0, .ecx, 8),
    FeatureBit("vaes", 7, 0, .ecx, 9, vector),
    FeatureBit("vpclmulqdq", 7, 0, .ecx, 10, vector),
    FeatureBit("avx512vnni", 7, 0, .ecx, 11, wide),
    FeatureBit("avx512bitalg", 7, 0, .ecx, 12, wide),
    FeatureBit("avx512vpopcntdq", 7, 0, .ecx, 14, wide),
    FeatureBit("avx512vp2intersect", 7, 0, .edx, 8, wide),
    FeatureBit("amxbf16", 7, 0, .edx, 22, tiles),
    FeatureBit("avx512fp16", 7, 0, .edx, 23, wide),
    FeatureBit("amxtile", 7, 0, .edx, 24, tiles),
    FeatureBit("amxint8", 7, 0, .edx, 25, tiles),
    FeatureBit("avxvnni", 7, 1, .eax, 4, vector),
    FeatureBit("avx512bf16", 7, 1, .eax, 5, wide),
    FeatureBit("amxfp16", 7, 1, .eax, 21, tiles),
    FeatureBit("avxifma", 7, 1, .eax, 23, vector),
    FeatureBit("avxvnniint8", 7, 1, .edx, 4, vector),
    FeatureBit("avxneconvert", 7, 1, .edx, 5, vector),
    FeatureBit("amxcomplex", 7, 1, .edx, 8, tiles),
    FeatureBit("avxvnniint16", 7, 1, .edx, 10, vector),
  ]
}

extension Processor {
  static func detectFeatures() -> [String] {
    let operatingSystemSaves = machine_cpuid(1, 0).ecx >> 27 & 1 == 1
    let states = operatingSystemSaves ? machine_xgetbv() : 0
    return FeatureBit.all.filter { feature in
      let registers = machine_cpuid(feature.leaf, feature.subleaf)
      let word =
        switch feature.register {
        case .eax: registers.eax
        case .ebx: registers.ebx
        case .ecx: registers.ecx
        case .edx: registers.edx
        }
      return word >> feature.bit & 1 == 1 && states & feature.states == feature.states
    }.map(\.name)
  }
}
