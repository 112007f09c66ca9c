/// Element type of the key-value cache.
public enum CacheFormat: String, CaseIterable, Codable, Sendable {
  case f32, f16, bf16, q8_0
}

/// One sequence's keys (or values) of one key-value head of one layer.
///
/// Keys are [block of 16 positions][element][16 positions]: sixteen scores in one vector. Values are [position][element]: the
/// weighted sum runs over positions. Q8_0 adds a plane of f16 scales, one for 32 elements of a position, behind the elements,
/// for both [block of 16 positions][32 elements][16 positions]: scores and weights take sixteen at once.
public struct CacheLayout: Sendable, Equatable {
  package let format: CacheFormat
  /// Elements of a head; rounded up to whole blocks of 32, the rest stays zero.
  package let headSize: Int
  public let paddedHeadSize: Int
  /// Positions, a multiple of 32.
  package let capacity: Int
  public let scaleOffset: Int
  package let bytes: Int

  package init(format: CacheFormat, headSize: Int, capacity: Int) {
    self.format = format
    self.headSize = headSize
    paddedHeadSize = (headSize + 31) / 32 * 32
    self.capacity = (capacity + 31) / 32 * 32
    scaleOffset = (self.capacity * paddedHeadSize * Self.elementBytes(format) + 63) / 64 * 64
    let scales = format == .q8_0 ? self.capacity * paddedHeadSize / 32 * 2 : 0
    bytes = scaleOffset + (scales + 63) / 64 * 64
  }

  @inlinable @inline(__always) public static func elementBytes(_ format: CacheFormat) -> Int {
    switch format {
    case .f32: 4
    case .f16, .bf16: 2
    case .q8_0: 1
    }
  }

  /// Bytes from the head's first to the scale of a position's first 32 elements; those of the next 32 follow 32 bytes on.
  @inlinable @inline(__always) public func scale(of position: Int) -> Int {
    scaleOffset + position / 16 * paddedHeadSize + position % 16 * 2
  }

  /// Bytes that one position's `headSize` elements take, scales included.
  package static func bytes(_ format: CacheFormat, elements: Int) -> Int {
    elements * elementBytes(format) + (format == .q8_0 ? (elements + 31) / 32 * 2 : 0)
  }
}
