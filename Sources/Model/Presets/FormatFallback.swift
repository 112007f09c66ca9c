import KernelContract

extension WeightFormat {
  /// The format in which rows of `columns` weights are stored when this one is asked for.
  ///
  /// Rows that are no whole number of 256-weight blocks take the 32-weight format that llama.cpp's quantiser
  /// (`tensor_type_fallback`) puts in its place, and F16 where not even that fits.
  package func fitting(columns: Int) -> WeightFormat {
    if columns % blockLength == 0 { return self }
    let fallback: WeightFormat =
      switch self {
      case .q2_K, .q3_K: .q4_0
      case .q4_K: .q5_0
      case .q5_K: .q5_1
      case .q6_K: .q8_0
      case .iq4_xs: .iq4_nl
      default: .f16
      }
    return columns % fallback.blockLength == 0 ? fallback : .f16
  }
}

extension TensorShape {
  /// Vectors are F32 in every file; a matrix takes the format asked for if its rows allow.
  func format(asking format: WeightFormat) -> WeightFormat { kind == .matrix ? format.fitting(columns: columns) : .f32 }
}
