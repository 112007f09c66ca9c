import KernelContract

/// Random rows of one format: every byte of a block is `random & mask | fixed`, so that a format is a pair of patterns
/// and all formats share one loop of a few operations for eight bytes.
struct RandomBlocks: Sendable {
  /// A whole number of blocks as eight-byte words, repeated along the row.
  private let words: [(mask: UInt64, fixed: UInt64)]

  /// Weights of standard deviation near 1/√columns, which keeps activations near 1 through any number of layers. It is
  /// held above 1/64 (a row of 4096): with smaller ones the formats' float16 scales would be subnormal.
  init(kind: TensorShape.Kind, format: WeightFormat, columns: Int) {
    let pattern =
      switch kind {
      case .matrix: BlockPattern(format: format, deviation: max(1 / Double(columns).squareRoot(), 1.0 / 64))
      case .bias: BlockPattern(format: format, deviation: 1.0 / 16)
      case .norm: BlockPattern.nearOne
      }
    // Eight blocks are a whole number of words; short patterns are repeated so that the loop has something to run on.
    let blocks = 8 * max(1, 32 / pattern.mask.count)
    func repeated(_ bytes: [UInt8]) -> [UInt64] {
      (0..<blocks * bytes.count / 8).map { word in
        (0..<8).reduce(0) { $0 | UInt64(bytes[(word * 8 + $1) % bytes.count]) << (8 * UInt64($1)) }
      }
    }
    words = zip(repeated(pattern.mask), repeated(pattern.fixed)).map { ($0, $1) }
  }

  /// Where a tensor's random numbers start: FNV-1a of its name, which unlike `Hasher` is the same in every run.
  static func stream(seed: UInt64, name: String) -> UInt64 {
    mix(seed) ^ name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  /// Row `row` of the tensor that `stream` stands for.
  func fill(_ bytes: UnsafeMutableRawBufferPointer, stream: UInt64, row: Int) {
    let key = Self.mix(stream &+ UInt64(row) &* Self.golden)
    words.withUnsafeBufferPointer { words in
      var place = 0
      var counter = key
      var offset = 0
      while offset + 8 <= bytes.count {
        counter &+= Self.golden
        bytes.storeBytes(
          of: (Self.mix(counter) & words[place].mask | words[place].fixed).littleEndian, toByteOffset: offset,
          as: UInt64.self)
        offset += 8
        place += 1
        if place == words.count { place = 0 }
      }
      counter &+= Self.golden
      var last = Self.mix(counter) & words[place].mask | words[place].fixed
      while offset < bytes.count {
        bytes[offset] = UInt8(truncatingIfNeeded: last)
        last >>= 8
        offset += 1
      }
    }
  }

  /// SplitMix64 (Steele, Lea, Flood 2014) as a counter-based generator.
  private static let golden: UInt64 = 0x9e37_79b9_7f4a_7c15

  @inline(__always) private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
