extension MachineDescription {
  private static let emptyWords: Set<String> = [
    "r", "tm", "cpu", "processor", "intel", "amd", "gen", "core", "with", "radeon", "graphics", "unknown",
  ]

  /// `xeon-platinum-8480-112c-amx`: words of the model's name, processors, widest instruction set.
  func makeSlug() -> String {
    let name = modelName.prefix { $0 != "@" }.lowercased()
    let words = name.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.map(String.init)
    let telling = words.indices.filter { index in
      // "12th Gen" and "16-Core" say nothing that the rest does not.
      let next = index + 1 < words.count ? words[index + 1] : ""
      let counts = words[index].first?.isNumber == true && (next == "gen" || next == "core")
      return !counts && !Self.emptyWords.contains(words[index])
    }.map { words[$0] }
    let model = telling.joined(separator: "-").prefix(24).split(separator: "-").prefix(4)
    let parts = (model.isEmpty ? ["machine"] : model.map(String.init)) + ["\(processors)c"]
    return (parts + [widestSet].compactMap { $0 }).joined(separator: "-")
  }

  private var widestSet: String? {
    let ladder = [
      ("amxtile", "amx"), ("avx512f", "avx512"), ("avx2", "avx2"), ("sse2", "sse2"), ("sve", "sve"), ("asimd", "neon"),
    ]
    return ladder.first { features.contains($0.0) }?.1
  }

  func makeFingerprint() -> String {
    let caches = caches.map { "\($0.level)\($0.kind)\($0.bytes)/\($0.sharedBy)x\($0.instances)" }
    let counts = [sockets, cores, threadsPerCore].map { $0.value.map(String.init) ?? "?" }
    let facts =
      [vendor, modelName, microarchitecture] + features.sorted() + caches + counts + ["\(processors)", memoryClass]
    return facts.joined(separator: "\n").fingerprint
  }

  /// The power of two that is nearest, in bytes: kernels reserve differing amounts of equal memories.
  private var memoryClass: String {
    guard let bytes = memoryBytes.value, bytes > 0 else { return "?" }
    let power = Int.bitWidth - 1 - bytes.leadingZeroBitCount
    // Nearest on the logarithmic scale: the midpoint between 2^p and 2^(p+1) is √2·2^p.
    return "2^\(Double(bytes) / Double(1 << power) < 2.0.squareRoot() ? power : power + 1)"
  }
}

extension String {
  /// FNV-1a with 64 bits, in hexadecimal: stable across runs and versions, unlike `Hasher`.
  var fingerprint: String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
