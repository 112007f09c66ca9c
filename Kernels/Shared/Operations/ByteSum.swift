import CIntrinsics

/// An exact sum of products of weights' bytes with activations, at most 2²² in magnitude.
struct ByteSum {
  private var sum: IntLanes
  /// Sums of two products in halves of 16 bits, where no instruction adds four in 32.
  private var pairs = WordLanes.zero

  @inline(always) init(_ first: Int32 = 0) { sum = IntLanes(repeating: Self.zero &+ first) }

  /// Adds four columns of weights up to 127, or of any size where one instruction adds four products. Elsewhere products are
  /// collected as pairs in 16 bits until `ends` says that these are full; the pairs are then added to the sum, times 16 where
  /// `sixteenfold`, for weights that are the high nibbles of larger ones (`BytePanel`).
  @inline(always)
  mutating func add(_ quad: WordLanes, _ four: Int32, ends: Bool, sixteenfold: Bool = false) {
    #if FUSED
      if has_dot4() == 0 {
        pairs = add_pairs(pairs, quad, four)
        if ends {
          sum = sum_pairs(sum, pairs, sixteenfold ? 16 : 1)
          pairs = .zero
        }
        return
      }
    #endif
    sum = dot4(sum, quad, four)
  }

  /// Adds four columns of weights up to 255.
  @inline(always) mutating func addWide(_ quad: WordLanes, _ four: Int32) { sum = dot4(sum, quad, four) }

  #if FUSED
    /// 1.5·2²³ as a Float: an integer that is added to its bits is added to its value, so that no conversion is needed.
    private static var zero: Int32 { 0x4B40_0000 }

    /// `scale` · the sum, rounded once: the product that is taken away is exact, for scales of weights have 19 bits at most.
    @inline(always)
    func scaled(_ scale: FloatLanes) -> FloatLanes {
      (scale * -12_582_912).adding(product: unsafeBitCast(sum, to: FloatLanes.self), scale)
    }
  #else
    private static var zero: Int32 { 0 }

    @inline(always) func scaled(_ scale: FloatLanes) -> FloatLanes { to_float(sum) * scale }
  #endif
}
