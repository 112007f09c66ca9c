/// A tensor format of a GGUF file, spelt as GGUF spells it.
/// Source: the ggml type table of the GGUF specification; byte layouts in `Kernels/Reference/BlockFormats.swift`.
public enum WeightFormat: String, CaseIterable, Codable, Sendable {
  case f32 = "F32"
  case f16 = "F16"
  case bf16 = "BF16"
  case q8_0 = "Q8_0"
  case q4_0 = "Q4_0"
  case q4_1 = "Q4_1"
  case q5_0 = "Q5_0"
  case q5_1 = "Q5_1"
  case q2_K = "Q2_K"
  case q3_K = "Q3_K"
  case q4_K = "Q4_K"
  case q5_K = "Q5_K"
  case q6_K = "Q6_K"
  case iq4_nl = "IQ4_NL"
  case iq4_xs = "IQ4_XS"
  case mxfp4 = "MXFP4"

  /// The type's number in a GGUF file.
  package var ggufType: UInt32 {
    switch self {
    case .f32: 0
    case .f16: 1
    case .q4_0: 2
    case .q4_1: 3
    case .q5_0: 6
    case .q5_1: 7
    case .q8_0: 8
    case .q2_K: 10
    case .q3_K: 11
    case .q4_K: 12
    case .q5_K: 13
    case .q6_K: 14
    case .iq4_nl: 20
    case .iq4_xs: 23
    case .bf16: 30
    case .mxfp4: 39
    }
  }

  package init?(ggufType: UInt32) {
    guard let format = Self.allCases.first(where: { $0.ggufType == ggufType }) else { return nil }
    self = format
  }

  /// Weights in a block, the unit that a row must be a whole number of.
  package var blockLength: Int {
    switch self {
    case .f32, .f16, .bf16: 1
    case .q8_0, .q4_0, .q4_1, .q5_0, .q5_1, .iq4_nl, .mxfp4: 32
    case .q2_K, .q3_K, .q4_K, .q5_K, .q6_K, .iq4_xs: 256
    }
  }

  /// Bytes of a block in a GGUF file.
  package var blockBytes: Int {
    switch self {
    case .f32: 4
    case .f16, .bf16: 2
    case .q8_0: 34
    case .q4_0, .iq4_nl: 18
    case .q4_1: 20
    case .q5_0: 22
    case .q5_1: 24
    case .mxfp4: 17
    case .q2_K: 84
    case .q3_K: 110
    case .q4_K: 144
    case .q5_K: 176
    case .q6_K: 210
    case .iq4_xs: 136
    }
  }

  /// Bytes of `count` consecutive weights in a GGUF file; `count` is a whole number of blocks.
  package func bytes(of count: Int) -> Int { count / blockLength * blockBytes }

  /// Position in `allCases`, for tables that are looked up in the token loop.
  package var ordinal: Int { Int(unsafeBitCast(self, to: UInt8.self)) }
}
