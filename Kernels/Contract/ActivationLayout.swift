/// How activations are presented to a matrix kernel. `prepare` turns rows of Float into it, one row at a time.
package enum ActivationFormat: String, Codable, Sendable {
  /// Float rows as they are, followed by sums of 32 and of 16 columns (what minima and offsets multiply).
  case f32
  /// Each 32 columns as int8 with a Float scale, amax/127, and their sums.
  case int8
  /// bfloat16 tiles of 16 tokens × 32 columns, the order that AMX loads.
  case bf16
}

/// The formats that one row must be prepared in.
package struct ActivationFormats: OptionSet, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }
  package static let f32 = ActivationFormats(rawValue: 1)
  package static let int8 = ActivationFormats(rawValue: 2)
  package static let bf16 = ActivationFormats(rawValue: 4)
}

extension ActivationFormat {
  package var alone: ActivationFormats {
    switch self {
    case .f32: .f32
    case .int8: .int8
    case .bf16: .bf16
    }
  }
}

/// Offsets within one token's prepared row. `depth` is a multiple of 32; every row starts on a 64-byte line.
public struct Int8Row {
  public let scales: Int, sums32: Int, sums16: Int, scaledSums32: Int, scaledSums16: Int, bytes: Int

  @inlinable @inline(__always)
  public init(depth: Int) {
    let blocks = depth / 32
    scales = depth
    sums32 = scales + blocks * 4
    sums16 = sums32 + blocks * 4
    scaledSums32 = sums16 + blocks * 8
    scaledSums16 = scaledSums32 + blocks * 4
    bytes = (scaledSums16 + blocks * 8 + 63) / 64 * 64
  }
}

public struct Float32Row {
  public let sums32: Int, sums16: Int, bytes: Int

  @inlinable @inline(__always)
  public init(depth: Int) {
    let blocks = depth / 32
    sums32 = depth * 4
    sums16 = sums32 + blocks * 4
    bytes = (sums16 + blocks * 8 + 63) / 64 * 64
  }
}

extension ActivationFormat {
  /// Bytes that `tokens` prepared rows take.
  package func bytes(depth: Int, tokens: Int) -> Int {
    switch self {
    case .f32: tokens * Float32Row(depth: depth).bytes
    case .int8: tokens * Int8Row(depth: depth).bytes
    case .bf16: (tokens + 15) / 16 * 16 * depth * 2
    }
  }
}
